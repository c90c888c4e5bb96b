// Written by scripts/generate.mjs from the API's specification: change the API instead.
export interface paths {
    "/v1/companies/{company_id}/at-a-glance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get At A Glance
         * @description What was put into a month or quarter, what came of it, and what it was worth.
         */
        get: operations["reporting_getAtAGlance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Metrics
         * @description All figures of a company, one item per month or quarter, in the order of time.
         */
        get: operations["reporting_getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get History
         * @description One metric of the last months.
         */
        get: operations["reporting_getHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/sroi": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Sroi
         * @description Social return on investment, with formula version, parameters and inputs.
         */
        get: operations["reporting_getSROI"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/vis": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Vis
         * @description The volunteer impact score with its parts, and the volunteers who contributed most.
         */
        get: operations["reporting_getVIS"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/outcomes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Outcomes
         * @description Outcome scores over time.
         */
        get: operations["reporting_getOutcomes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/tiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Tiles
         * @description The figures of all programme tiles.
         */
        get: operations["reporting_getTiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/tiles/{tile}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Tile
         * @description The figures of one programme tile.
         */
        get: operations["reporting_getTile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/sdg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Goals
         * @description Activities per Sustainable Development Goal.
         */
        get: operations["reporting_getGoals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/trends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Trend
         * @description One metric by day, week, month or quarter, from the first to the last activity.
         */
        get: operations["reporting_getTrends"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/cohorts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Cohorts
         * @description The groups of people that a company watches.
         */
        get: operations["reporting_listCohorts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/cohorts/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare Cohorts
         * @description One metric of several cohorts beside each other.
         */
        get: operations["reporting_compareCohorts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/cohorts/{cohort_id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Cohort Metrics
         * @description The figures of one cohort.
         */
        get: operations["reporting_getCohortMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Retention
         * @description How many of those who began in a month were still active in each month after.
         */
        get: operations["reporting_getRetention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/funnels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Funnels
         * @description From enrolment to completion, for those who enrolled in one quarter.
         */
        get: operations["reporting_getFunnels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/benchmarks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Benchmarks
         * @description The company's own values beside those of its peers.
         */
        get: operations["reporting_getBenchmarks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/export/csrd": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Csrd
         * @description All data points for a report, each with unit, period and the reason of a missing number.
         */
        get: operations["reporting_exportCSRD"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/{metric_id}/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Evidence
         * @description The events that a company's number was computed from.
         */
        get: operations["reporting_getEvidence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/q2q/classify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Classify Text
         * @description Labels and scores of one text. It is screened and redacted first, and not stored.
         */
        post: operations["q2q_classify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/q2q/taxonomy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Taxonomy
         * @description The labels, the dimensions they are scored on, and how.
         */
        get: operations["q2q_getTaxonomy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ai/budget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Budget
         * @description How much a company may still spend on model calls this month.
         */
        get: operations["ai_getBudget"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ai/costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Costs
         * @description What a company's model calls have cost, by day, model and purpose.
         */
        get: operations["ai_getCosts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/companies/{company_id}/q2q-feed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Scored Snippets
         * @description Redacted words of what was written, each with the score that rests on it.
         */
        get: operations["reporting_getQ2QFeed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/q2q/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Models
         * @description Every version, and which is in force now or at another instant.
         */
        get: operations["q2q_listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/q2q/models/{model_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Model
         * @description One version and every stretch in which it served.
         */
        get: operations["q2q_getModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/q2q/models/{model_id}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Activate Model
         * @description Let a version serve if its evaluation passes the gate. No sync of the file ends it.
         */
        post: operations["q2q_activateModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/q2q/models/{model_id}/deactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deactivate Model
         * @description Stop a version from serving. Nothing takes its place until the next sync or activation.
         */
        post: operations["q2q_deactivateModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/q2q/evaluations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Evaluations
         * @description Stored evaluations, newest first.
         */
        get: operations["q2q_getEval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/q2q/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Drift
         * @description Drift checks, newest windows first.
         */
        get: operations["q2q_getDrift"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stream/updates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream Updates
         * @description Each change of a figure, as it is published; resumes exactly behind the last event id.
         */
        get: operations["stream_updates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stream/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin Stream Session
         * @description Sets a cookie that opens this company's live stream and nothing else, for a browser's EventSource.
         */
        post: operations["stream_beginSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stream/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Stream Stats
         * @description How many streams this process serves, and how far it has read.
         */
        get: operations["stream_getStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/safety/queue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Queue
         * @description Flagged texts without their words: cries for help first, then by the time due.
         */
        get: operations["safety_listQueue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/safety/queue/{item_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Item
         * @description One flagged text with its words. The look is recorded before the words are fetched.
         */
        get: operations["safety_getItem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/safety/queue/{item_id}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Claim Item
         * @description Claim an item for some minutes, or prolong that. Others cannot decide about it meanwhile.
         */
        post: operations["safety_claimItem"];
        /**
         * Unclaim Item
         * @description Give an item back. Giving back what one does not hold changes nothing.
         */
        delete: operations["safety_unclaimItem"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/safety/review/{item_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Review Item
         * @description Decide about a flagged text. A text that is approved can be read by models a few seconds later.
         */
        post: operations["safety_reviewItem"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/safety/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Rules
         * @description How often each rule was right, by what reviewers said.
         */
        get: operations["safety_listRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/safety/screen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Screen Text
         * @description Screen a text before it is accepted somewhere, as a bot does. Nothing is stored, nobody is told.
         *
         *     The same text, once it arrives as feedback, is screened again at the gate.
         */
        post: operations["safety_screen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/journey/participants/{participant_id}/flags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Flags
         * @description Every flag of the rules in force: whether it is set, why, and what is missing where it is not.
         */
        get: operations["journey_getFlags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/journey/participants/{participant_id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get History
         * @description What was believed, about when, and since when: of all times, or what one day knew of another.
         */
        get: operations["journey_getHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/journey/participants/{participant_id}/evaluate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Evaluate
         * @description Have the whole history of a person looked at again, as after an erasure. It takes a second or so.
         */
        post: operations["journey_evaluate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/journey/milestones/{participant_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Milestones
         * @description The milestones a person has reached, in that order.
         */
        get: operations["journey_listMilestones"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/journey/milestones/{participant_id}/{milestone}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Milestone
         * @description One milestone: when and why it was reached, or what is missing.
         */
        get: operations["journey_getMilestone"];
        put?: never;
        /**
         * Record Milestone
         * @description Record a milestone that no rule can see. Reached before, it stays as it was: 200 instead of 201.
         */
        post: operations["journey_triggerMilestone"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact-in/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Deliveries
         * @description Deliveries, newest first.
         */
        get: operations["impactIn_listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact-in/deliveries/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Stats
         * @description How many deliveries there are, per platform and status.
         */
        get: operations["impactIn_getDeliveryStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact-in/deliveries/bulk-replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay Deliveries
         * @description Send failed deliveries again, up to 100: those named, or those that match. Each under its own key.
         */
        post: operations["impactIn_replayDeliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact-in/deliveries/{delivery_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Delivery
         * @description One delivery with every request that was made for it, and what the partner called back.
         */
        get: operations["impactIn_getDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact-in/deliveries/{delivery_id}/payload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Payload
         * @description What was sent, byte for byte; of SOAP without its security header, which held a secret.
         */
        get: operations["impactIn_getPayload"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact-in/delivery-timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Timeline
         * @description What was delivered and what failed, day by day in UTC.
         */
        get: operations["impactIn_getTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact-in/sla-status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Sla Status
         * @description Whether deliveries keep what was promised, per platform.
         */
        get: operations["impactIn_getSlaStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact-in/scheduled/{scheduled_id}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Preview
         * @description What a schedule would send, or what a delivery is: frozen bytes, their hash, and what has changed.
         */
        get: operations["impactIn_previewScheduled"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact-in/scheduled/{scheduled_id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve
         * @description Send exactly the bytes that were looked at; refused if the figures have moved since.
         */
        post: operations["impactIn_approveScheduled"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact-in/scheduled/{scheduled_id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay
         * @description Send a failed delivery again: the same bytes under the same key, so that it cannot count twice.
         */
        post: operations["impactIn_replayScheduled"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact-in/sla-report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Sla Report
         * @description How deliveries kept what was promised, month by month, and each one that did not.
         */
        get: operations["impactIn_getSlaReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact-in/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Schedules
         * @description The schedules there are, up to 1,000.
         */
        get: operations["impactIn_listSchedules"];
        put?: never;
        /**
         * Add Schedule
         * @description Send a company's numbers to a platform from now on; what closed before is not sent by itself.
         */
        post: operations["impactIn_addSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact-in/schedules/{schedule_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Schedule
         * @description One schedule.
         */
        get: operations["impactIn_getSchedule"];
        put?: never;
        post?: never;
        /**
         * Delete Schedule
         * @description End a schedule. What it has sent stays on record, and is not sent again by another one.
         */
        delete: operations["impactIn_deleteSchedule"];
        options?: never;
        head?: never;
        /**
         * Change Schedule
         * @description Change what is named. A new time never makes the past come due.
         */
        patch: operations["impactIn_changeSchedule"];
        trace?: never;
    };
    "/v1/impact-in/schedules/{schedule_id}/run-now": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run Now
         * @description Have a period's report made and sent now; once, whoever asks and however often.
         */
        post: operations["impactIn_runScheduleNow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact-in/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Connections
         * @description Where companies' numbers go, with the names of the secrets that are kept.
         */
        get: operations["impactIn_listConnections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact-in/connections/{platform}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put Connection
         * @description Say where a company's numbers go.
         */
        put: operations["impactIn_putConnection"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact-in/connections/{platform}/secrets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put Secret
         * @description Keep a secret, encrypted, in the place of the one before. It is used from the next request on.
         */
        put: operations["impactIn_putSecret"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/journey/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Rules
         * @description All rules of this version of the platform, drafts and retired ones too, by priority.
         */
        get: operations["journey_listRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/journey/rules/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Schema
         * @description JSON Schema (2020-12) of a rule file, with hints for an editor under `x-editor`.
         */
        get: operations["journey_getRuleSchema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/journey/rules/{rule_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Rule
         * @description One rule, with its facts, conditions and effects.
         */
        get: operations["journey_getRule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/journey/rules/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Validate Rule
         * @description What is wrong with a rule file, line by line; an invalid one is an answer, not an error.
         */
        post: operations["journey_validateRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/journey/rules/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Dry Run
         * @description What a rule says of a person or of a company's people at an instant. Nothing is written.
         */
        post: operations["journey_dryRunRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/journey/rules/backtest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Backtest Rule
         * @description Whom a rule would have flagged week by week, how often flags flip, and what another version changes.
         */
        post: operations["journey_backtestRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/privacy/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask For Export
         * @description Have all that is held about a person made into one file. It is there within seconds.
         */
        post: operations["privacy_requestExport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/privacy/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask For Erasure
         * @description Have a person erased after 30 days, until which it can be cancelled; at once for a stated reason.
         */
        post: operations["privacy_requestErasure"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/privacy/rectify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rectify
         * @description Put right a person's name or address. It is done when this answers.
         */
        post: operations["privacy_requestRectification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/privacy/restrict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restrict
         * @description Have a person's data kept and not used: their texts are withdrawn from every reader within seconds.
         */
        post: operations["privacy_requestRestriction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/privacy/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Requests
         * @description Requests by the time they are due: those of the company, or one's own.
         */
        get: operations["privacy_listRequests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/privacy/requests/{request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Request
         * @description One request with all that has happened, and the link to its file when there is one.
         */
        get: operations["privacy_getRequest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/privacy/requests/{request_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Request
         * @description End a request whose work has not begun, such as an erasure in its grace. Twice is the same as once.
         */
        post: operations["privacy_cancelRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/privacy/requests/{request_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry Request
         * @description Have a request that failed, or was done in part, taken up once more.
         */
        post: operations["privacy_retryRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/privacy/requests/{request_id}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Extend Request
         * @description Have two months more to answer, once and within the first, for a reason that the person is told.
         */
        post: operations["privacy_extendRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/privacy/requests/{request_id}/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download
         * @description The file of a finished export: with the link, which needs nothing else, or with a credential.
         */
        get: operations["privacy_downloadExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/privacy/consent-texts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Consent Texts
         * @description The words people are asked with, every version of them, in English, Ukrainian and Norwegian.
         */
        get: operations["privacy_listConsentTexts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/privacy/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record Consent
         * @description Record what a person has agreed to. It replaces the consent for the same purpose.
         */
        post: operations["privacy_recordConsent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/privacy/consents/{consent_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Withdraw Consent
         * @description End a consent. Without the one to analytics, the person's texts are withdrawn from every reader.
         */
        post: operations["privacy_withdrawConsent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/privacy/people/{person_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Person Record
         * @description A person's consents and restrictions, those that have ended included.
         */
        get: operations["privacy_getPerson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/privacy/restrictions/{restriction_id}/lift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lift Restriction
         * @description Let a person's data be used again. Their texts are screened anew and are readable within seconds.
         */
        post: operations["privacy_liftRestriction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Keys
         * @description The company's keys, oldest first; those that are over, too.
         */
        get: operations["keys_list"];
        put?: never;
        /**
         * Create Key
         * @description Make a key. It may do no more than whoever makes it.
         */
        post: operations["keys_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{key_id}/regenerate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Regenerate Key
         * @description Put a new key in a key's place. The old one ends now, or after the overlap.
         */
        post: operations["keys_regenerate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Key
         * @description End a key. Processes of the API refuse it within five seconds; twice is the same as once.
         */
        delete: operations["keys_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/admin-reads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Admin Reads
         * @description Requests by which administrators of the platform reached into the company, newest first.
         */
        get: operations["audit_listAdminReads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Dead Letters
         * @description Dead letters, newest first, without their bytes.
         */
        get: operations["ops_listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/dead-letters/{letter_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Dead Letter
         * @description One dead letter.
         */
        get: operations["ops_getDeadLetter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/dead-letters/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay Dead Letters
         * @description Send letters back to where they failed, to be processed anew. Asking twice has one effect.
         */
        post: operations["ops_replayDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/dead-letters/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Discard Dead Letters
         * @description Delete the bytes of letters for good.
         */
        post: operations["ops_discardDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/deliveries/{source}/{delivery_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Delivery
         * @description When a delivery came, how often, what became of it, and its event.
         */
        get: operations["ops_getDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Health
         * @description The process lives. Says nothing of its stores: restarting the process would not bring them back.
         */
        get: operations["platform_getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Readiness
         * @description The process can answer: Postgres and, with live updates on, NATS are reachable.
         */
        get: operations["platform_getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Metrics
         * @description Counters of this process, and of model calls and their drift by all of them, for Prometheus.
         */
        get: operations["platform_getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api-docs/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Catalog
         * @description OpenAPI of every process in one document: the API, the webhook receiver, and the workers' health.
         */
        get: operations["platform_getCatalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api-docs/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Versions
         * @description The dated versions of the API, what changed in each, and until when old paths answer.
         */
        get: operations["platform_listVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api-docs/{name}.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Specification
         * @description The description of one process, or of the events and live updates.
         */
        get: operations["platform_getSpecification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Problems
         * @description Every kind of problem the API answers with.
         */
        get: operations["platform_listProblems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Problem
         * @description What one kind of problem means, and what to do about it.
         */
        get: operations["platform_getProblem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schemas/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Schemas
         * @description The contracts of the events: an AsyncAPI document and the JSON Schema of each type.
         */
        get: operations["platform_listSchemas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Activation */
        Activation: {
            /**
             * At
             * @description Serve from this instant on; now if left out.
             */
            at?: string | null;
        };
        /**
         * AdminRead
         * @description A request of an administrator of the platform.
         */
        AdminRead: {
            /**
             * Request Id
             * Format: uuid
             * @description As in `X-Request-ID` and in the log.
             */
            request_id: string;
            /**
             * Asked At
             * Format: date-time
             */
            asked_at: string;
            /**
             * Caller Id
             * @example user:u-17
             */
            caller_id: string;
            /**
             * Method
             * @example GET
             */
            method: string;
            /**
             * Route
             * @example /v1/companies/{company_id}/metrics
             */
            route: string;
            /**
             * Company Id
             * @description That the address named; null if it named none.
             */
            company_id: string | null;
        };
        /** AdminReadPage */
        AdminReadPage: {
            /** Items */
            items: components["schemas"]["AdminRead"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Approval */
        Approval: {
            /**
             * Delivery Id
             * Format: uuid
             */
            delivery_id: string;
            /**
             * Status
             * @default due
             * @constant
             */
            status?: "due";
        };
        /** ApprovalOrder */
        ApprovalOrder: {
            /**
             * Payload Sha256
             * @description Of the preview that was looked at.
             * @example 0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f
             */
            payload_sha256: string;
            /**
             * Preview Id
             * @description Of a schedule's preview.
             */
            preview_id?: string | null;
        };
        /**
         * AtAGlance
         * @description A company's period on one page. A period without activity has zeros and nulls.
         */
        AtAGlance: {
            /**
             * Company Id
             * Format: uuid
             * @example 5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11
             */
            company_id: string;
            /**
             * Data Version
             * @description The publication in which a figure of the company last changed: the same on every route. Null before the first.
             * @example 17
             */
            data_version: number | null;
            /**
             * As Of
             * @description When that publication was made.
             * @example 2026-09-30T04:00:12Z
             */
            as_of: string | null;
            /**
             * Period
             * @example 2026-Q3
             */
            period: string;
            inputs: components["schemas"]["Inputs"];
            outcomes: components["schemas"]["Outcomes"];
            value: components["schemas"]["Value"];
        };
        /**
         * Attempt
         * @description One request to the partner, written before it left.
         */
        Attempt: {
            /**
             * Attempt Id
             * Format: uuid
             * @description Also the X-Request-ID it was sent with.
             */
            attempt_id: string;
            /** Number */
            number: number;
            /**
             * Kind
             * @description `read_back` asks whether the partner has it.
             * @enum {string}
             */
            kind: "send" | "read_back";
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /** Finished At */
            finished_at: string | null;
            /** Payload Sha256 */
            payload_sha256: string;
            /** Http Status */
            http_status: number | null;
            /** Latency Ms */
            latency_ms: number | null;
            /** Error Class */
            error_class: string | null;
            /** Error */
            error: string | null;
            /**
             * Decision
             * @enum {string}
             */
            decision: "accepted" | "retry" | "reauthenticate" | "give_up" | "unknown" | "under_way";
            /** Provider Reference */
            provider_reference: string | null;
        };
        /** BacktestAnswer */
        BacktestAnswer: {
            /** Versions */
            versions: components["schemas"]["VersionBacktest"][];
            difference: components["schemas"]["VersionDifference"] | null;
        };
        /**
         * BacktestOrder
         * @description Week by week over at most a year.
         * @example {
         *       "first": "2026-06-01T00:00:00Z",
         *       "last": "2026-08-31T00:00:00Z",
         *       "text": "id: three_sessions\nname: Three sessions\ndescription: Three sessions of any kind, ever.\nowner: programmes\nstate: draft\nfacts:\n  sessions: {count: kintell_sessions}\nwhen:\n  all:\n    - {fact: sessions, op: \">=\", value: 3}\nthen:\n  set_flag: {flag: mentor_ready}\n"
         *     }
         */
        BacktestOrder: {
            /**
             * Text
             * @description YAML.
             */
            text: string;
            /**
             * Against
             * @description YAML of another version to compare.
             */
            against?: string | null;
            /**
             * Company Id
             * @description For administrators of the platform.
             */
            company_id?: string | null;
            /**
             * First
             * Format: date-time
             */
            first: string;
            /**
             * Last
             * Format: date-time
             */
            last: string;
        };
        /**
         * Benchmark
         * @description The company's own value beside its peers'. The peers' numbers are null where they are withheld.
         */
        Benchmark: {
            /** Metric */
            metric: string;
            /**
             * Period
             * @example 2026-Q2
             */
            period: string;
            /**
             * Compare With
             * @enum {string}
             */
            compare_with: "industry" | "region" | "size" | "all";
            /**
             * Peer Group Kind
             * @description The kind of group that was large enough; null if none was.
             */
            peer_group_kind: string | null;
            /**
             * Peer Group
             * @example technology
             */
            peer_group: string | null;
            /**
             * Widened From
             * @description The narrower kind that was too small; null if it was not.
             */
            widened_from: string | null;
            /** Own Value */
            own_value: number | null;
            /** P25 */
            p25: number | null;
            /** P50 */
            p50: number | null;
            /** P75 */
            p75: number | null;
            /** P90 */
            p90: number | null;
            /**
             * Peers Count
             * @description Companies in the peer group.
             * @example 12
             */
            peers_count: number | null;
            /** People Count */
            people_count: number | null;
            /**
             * Standing
             * @description Where the own value lies.
             * @example p50_to_p75
             */
            standing: string | null;
            /**
             * Is Suppressed
             * @description The group is so small that its numbers might tell of one person or company.
             */
            is_suppressed: boolean;
            /**
             * Suppressed Reason
             * @description Why the numbers are withheld; null if they are not.
             */
            suppressed_reason: string | null;
        };
        /**
         * Benchmarks
         * @description Only companies that take part are counted, and only those see them.
         */
        Benchmarks: {
            /**
             * Company Id
             * Format: uuid
             * @example 5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11
             */
            company_id: string;
            /**
             * Data Version
             * @description The publication in which a figure of the company last changed: the same on every route. Null before the first.
             * @example 17
             */
            data_version: number | null;
            /**
             * As Of
             * @description When that publication was made.
             * @example 2026-09-30T04:00:12Z
             */
            as_of: string | null;
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null on the last one.
             */
            next_cursor: string | null;
            /** Items */
            items: components["schemas"]["Benchmark"][];
        };
        /**
         * BudgetAnswer
         * @description A company's budget for model calls in the running month (UTC).
         */
        BudgetAnswer: {
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /**
             * Month
             * @example 2026-11
             */
            month: string;
            /**
             * Currency
             * @constant
             */
            currency: "USD";
            /**
             * Cap Usd
             * @description US dollars, to the micro-dollar.
             * @example 12.34
             */
            cap_usd: number;
            /**
             * Spent Usd
             * @description US dollars, to the micro-dollar.
             * @example 12.34
             */
            spent_usd: number;
            /**
             * Reserved Usd
             * @description Put aside, at the worst case, for calls that are not settled.
             * @example 0.0021
             */
            reserved_usd: number;
            /**
             * Remaining Usd
             * @description US dollars, to the micro-dollar.
             * @example 12.34
             */
            remaining_usd: number;
            /**
             * Used Share
             * @description What is spent of the cap, 0 to 1; null if the cap is nothing.
             * @example 0.41
             */
            used_share: number | null;
            /**
             * Reached Thresholds
             * @description Percent of the cap.
             * @example [
             *       80,
             *       90
             *     ]
             */
            reached_thresholds: number[];
            /**
             * Mode
             * @description `batch`: 95 % is used, and Claude is asked in batches alone. `local`: not at all.
             * @enum {string}
             */
            mode: "direct" | "batch" | "local";
            /**
             * Refused Count
             * @description Calls of this month that could have passed the cap.
             * @example 0
             */
            refused_count: number;
            /**
             * Resets At
             * Format: date-time
             */
            resets_at: string;
        };
        /** BulkReplay */
        BulkReplay: {
            /** Replayed */
            replayed: string[];
            /**
             * Refused
             * @description Those that were named and not replayed, and why.
             */
            refused: {
                [key: string]: string;
            };
        };
        /**
         * BulkReplayOrder
         * @example {
         *       "delivery_ids": [
         *         "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
         *       ]
         *     }
         */
        BulkReplayOrder: {
            /** Delivery Ids */
            delivery_ids?: string[] | null;
            /**
             * Platform
             * @example benevity
             */
            platform?: string | null;
            /**
             * Period
             * @example 2026-09
             */
            period?: string | null;
            /**
             * Dry Run
             * @description Only say which.
             * @default false
             */
            dry_run?: boolean;
        };
        /**
         * Callback
         * @description What the partner said of a delivery after its answer.
         */
        Callback: {
            /**
             * Event Id
             * Format: uuid
             */
            event_id: string;
            /**
             * Provider Event
             * @example data.processed
             */
            provider_event: string;
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "received" | "processed" | "failed" | "retrying";
            /** Error Code */
            error_code: string | null;
            /**
             * Occurred At
             * Format: date-time
             * @description By the partner's clock.
             */
            occurred_at: string;
            /**
             * Received At
             * Format: date-time
             */
            received_at: string;
        };
        /**
         * CancelOrder
         * @example {
         *       "reason": "The person asked us to wait."
         *     }
         */
        CancelOrder: {
            /**
             * Reason
             * @description Kept with the request. Name nobody.
             */
            reason?: string | null;
        };
        /** Change */
        Change: {
            /**
             * Path
             * @example metrics[volunteer_hours].metricValue
             */
            path: string;
            /** Before */
            before: unknown;
            /** After */
            after: unknown;
        };
        /** ClaimOrder */
        ClaimOrder: {
            /**
             * Minutes
             * @description Until somebody else may claim it.
             * @default 15
             */
            minutes?: number;
        };
        /**
         * ClassifiedText
         * @description What a text says, by whom, and from which of its words.
         */
        ClassifiedText: {
            /**
             * Text Id
             * Format: uuid
             * @description Of this answer; the text is not stored.
             */
            text_id: string;
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /** User Id */
            user_id: string | null;
            context: components["schemas"]["TextContext"];
            /**
             * Language
             * @enum {string}
             */
            language: "en" | "uk" | "no";
            /**
             * Redacted Text
             * @description What was labelled: names and contact data are placeholders.
             */
            redacted_text: string;
            labels: components["schemas"]["LabelsAnswer"];
            /**
             * Scores
             * @description 0 to 1; a dimension that was not decided has no score.
             * @example {
             *       "confidence": 0.8
             *     }
             */
            scores: {
                [key: string]: number;
            };
            /**
             * Certainty
             * @description The model's own, by label.
             * @example {
             *       "cv": 0.95
             *     }
             */
            certainty: {
                [key: string]: number;
            };
            /** Evidence */
            evidence: components["schemas"]["EvidenceItem"][];
            model: components["schemas"]["ModelUsed"];
            usage: components["schemas"]["UsageAnswer"];
            safety: components["schemas"]["SafetyAnswer"];
        };
        /** Cohort */
        Cohort: {
            /**
             * Cohort Id
             * Format: uuid
             */
            cohort_id: string;
            /** Name */
            name: string;
            /**
             * Filters
             * @example {
             *       "min_sessions": 4,
             *       "program_type": "mentorship"
             *     }
             */
            filters: {
                [key: string]: unknown;
            };
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /**
         * CohortComparison
         * @description One metric of several cohorts, period by period.
         */
        CohortComparison: {
            /**
             * Company Id
             * Format: uuid
             * @example 5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11
             */
            company_id: string;
            /**
             * Data Version
             * @description The publication in which a figure of the company last changed: the same on every route. Null before the first.
             * @example 17
             */
            data_version: number | null;
            /**
             * As Of
             * @description When that publication was made.
             * @example 2026-09-30T04:00:12Z
             */
            as_of: string | null;
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null on the last one.
             */
            next_cursor: string | null;
            /** Metric */
            metric: string;
            /**
             * Grain
             * @enum {string}
             */
            grain: "month" | "quarter";
            /** Items */
            items: components["schemas"]["ComparedFigure"][];
        };
        /**
         * CohortFigure
         * @description One metric of a cohort. Everything is null where it is withheld.
         */
        CohortFigure: {
            /** Metric */
            metric: string;
            /**
             * Period
             * @example 2026-Q3
             */
            period: string;
            /**
             * Period Start
             * Format: date
             */
            period_start: string;
            /** Value Sum */
            value_sum: number | null;
            /**
             * N
             * @description People with a value.
             */
            n: number | null;
            /** Avg */
            avg: number | null;
            /** P25 */
            p25: number | null;
            /** P50 */
            p50: number | null;
            /** P75 */
            p75: number | null;
            /** P95 */
            p95: number | null;
            /** Min */
            min: number | null;
            /** Max */
            max: number | null;
            /** Std */
            std: number | null;
            /**
             * Is Suppressed
             * @description The group is so small that its numbers might tell of one person or company.
             */
            is_suppressed: boolean;
            /**
             * Suppressed Reason
             * @description Why the numbers are withheld; null if they are not.
             */
            suppressed_reason: string | null;
        };
        /** CohortMetrics */
        CohortMetrics: {
            /**
             * Company Id
             * Format: uuid
             * @example 5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11
             */
            company_id: string;
            /**
             * Data Version
             * @description The publication in which a figure of the company last changed: the same on every route. Null before the first.
             * @example 17
             */
            data_version: number | null;
            /**
             * As Of
             * @description When that publication was made.
             * @example 2026-09-30T04:00:12Z
             */
            as_of: string | null;
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null on the last one.
             */
            next_cursor: string | null;
            /**
             * Cohort Id
             * Format: uuid
             */
            cohort_id: string;
            /**
             * Grain
             * @enum {string}
             */
            grain: "month" | "quarter";
            /** Items */
            items: components["schemas"]["CohortFigure"][];
        };
        /**
         * Cohorts
         * @description The company's cohorts, oldest first.
         */
        Cohorts: {
            /**
             * Company Id
             * Format: uuid
             * @example 5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11
             */
            company_id: string;
            /**
             * Data Version
             * @description The publication in which a figure of the company last changed: the same on every route. Null before the first.
             * @example 17
             */
            data_version: number | null;
            /**
             * As Of
             * @description When that publication was made.
             * @example 2026-09-30T04:00:12Z
             */
            as_of: string | null;
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null on the last one.
             */
            next_cursor: string | null;
            /** Items */
            items: components["schemas"]["Cohort"][];
        };
        /**
         * CompanyMetrics
         * @description A company's periods of one grain, oldest first. Periods without activity are left out.
         */
        CompanyMetrics: {
            /**
             * Company Id
             * Format: uuid
             * @example 5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11
             */
            company_id: string;
            /**
             * Data Version
             * @description The publication in which a figure of the company last changed: the same on every route. Null before the first.
             * @example 17
             */
            data_version: number | null;
            /**
             * As Of
             * @description When that publication was made.
             * @example 2026-09-30T04:00:12Z
             */
            as_of: string | null;
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null on the last one.
             */
            next_cursor: string | null;
            /**
             * Grain
             * @enum {string}
             */
            grain: "month" | "quarter";
            /** Items */
            items: components["schemas"]["PeriodMetrics"][];
        };
        /** CompanyStreams */
        CompanyStreams: {
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /** Connections */
            connections: number;
        };
        /**
         * CompanyVis
         * @description The volunteer impact of a period; `aggregate` is null if there is none for it.
         */
        CompanyVis: {
            /**
             * Company Id
             * Format: uuid
             * @example 5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11
             */
            company_id: string;
            /**
             * Data Version
             * @description The publication in which a figure of the company last changed: the same on every route. Null before the first.
             * @example 17
             */
            data_version: number | null;
            /**
             * As Of
             * @description When that publication was made.
             * @example 2026-09-30T04:00:12Z
             */
            as_of: string | null;
            /**
             * Period
             * @example 2026-Q3
             */
            period: string | null;
            aggregate: components["schemas"]["Vis"] | null;
            /** Top Volunteers */
            top_volunteers: components["schemas"]["TopVolunteer"][];
        };
        /** ComparedFigure */
        ComparedFigure: {
            /** Metric */
            metric: string;
            /**
             * Period
             * @example 2026-Q3
             */
            period: string;
            /**
             * Period Start
             * Format: date
             */
            period_start: string;
            /** Value Sum */
            value_sum: number | null;
            /**
             * N
             * @description People with a value.
             */
            n: number | null;
            /** Avg */
            avg: number | null;
            /** P25 */
            p25: number | null;
            /** P50 */
            p50: number | null;
            /** P75 */
            p75: number | null;
            /** P95 */
            p95: number | null;
            /** Min */
            min: number | null;
            /** Max */
            max: number | null;
            /** Std */
            std: number | null;
            /**
             * Is Suppressed
             * @description The group is so small that its numbers might tell of one person or company.
             */
            is_suppressed: boolean;
            /**
             * Suppressed Reason
             * @description Why the numbers are withheld; null if they are not.
             */
            suppressed_reason: string | null;
            /**
             * Cohort Id
             * Format: uuid
             */
            cohort_id: string;
        };
        /** Connection */
        Connection: {
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /** Platform */
            platform: string;
            /** Connector */
            connector: string;
            /** Base Url */
            base_url: string;
            /** Options */
            options: {
                [key: string]: string;
            };
            /** Mapping Version */
            mapping_version: string | null;
            /**
             * Secrets
             * @description Names of the secrets that are kept; they are shown to nobody.
             */
            secrets: string[];
            /**
             * Missing Secrets
             * @description Those it needs and has not.
             */
            missing_secrets: string[];
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /** ConnectionList */
        ConnectionList: {
            /** Items */
            items: components["schemas"]["Connection"][];
        };
        /**
         * ConnectionOrder
         * @example {
         *       "base_url": "https://api.benevity.example",
         *       "connector": "benevity",
         *       "options": {
         *         "organization_id": "org-1",
         *         "program_id": "prog-1"
         *       }
         *     }
         */
        ConnectionOrder: {
            /**
             * Connector
             * @example workday_soap
             */
            connector: string;
            /**
             * Base Url
             * @example https://api.benevity.example
             */
            base_url: string;
            /**
             * Options
             * @example {
             *       "organization_id": "org-1"
             *     }
             */
            options?: {
                [key: string]: string;
            };
            /**
             * Mapping Version
             * @description Without it, the newest.
             */
            mapping_version?: string | null;
            /**
             * Company Id
             * @description For administrators of the platform.
             */
            company_id?: string | null;
        };
        /** Consent */
        Consent: {
            /**
             * Consent Id
             * Format: uuid
             */
            consent_id: string;
            /** Company Id */
            company_id: string | null;
            /**
             * Purpose
             * @enum {string}
             */
            purpose: "marketing" | "analytics" | "buddy_program" | "data_sharing";
            /**
             * Legal Basis
             * @enum {string}
             */
            legal_basis: "consent" | "contract" | "legitimate_interest";
            /** Text Version */
            text_version: number;
            /**
             * Language
             * @enum {string}
             */
            language: "en" | "uk" | "no";
            /**
             * Method
             * @enum {string}
             */
            method: "explicit_opt_in" | "implicit" | "checkbox";
            /**
             * Granted At
             * Format: date-time
             */
            granted_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Withdrawn At */
            withdrawn_at: string | null;
            /**
             * Replaced At
             * @description When the person was asked anew.
             */
            replaced_at: string | null;
            /** Is In Force */
            is_in_force: boolean;
        };
        /**
         * ConsentOrder
         * @description What a person has answered, and to which words.
         * @example {
         *       "language": "uk",
         *       "method": "checkbox",
         *       "purpose": "marketing",
         *       "subject": {
         *         "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
         *       },
         *       "text_version": 1
         *     }
         */
        ConsentOrder: {
            /** @description Left out by a participant or volunteer who asks for themselves. */
            subject?: components["schemas"]["SubjectReference"] | null;
            /**
             * Company Id
             * @description For administrators of the platform: only one company's data. Left out, all.
             */
            company_id?: string | null;
            /**
             * Purpose
             * @enum {string}
             */
            purpose: "marketing" | "analytics" | "buddy_program" | "data_sharing";
            /**
             * Text Version
             * @example 1
             */
            text_version: number;
            /**
             * Language
             * @enum {string}
             */
            language: "en" | "uk" | "no";
            /**
             * Method
             * @enum {string}
             */
            method: "explicit_opt_in" | "implicit" | "checkbox";
            /**
             * Legal Basis
             * @default consent
             * @enum {string}
             */
            legal_basis?: "consent" | "contract" | "legitimate_interest";
            /**
             * Granted At
             * @description Left out, now.
             */
            granted_at?: string | null;
            /** Expires At */
            expires_at?: string | null;
        };
        /**
         * ConsentWords
         * @description What a person is asked with.
         */
        ConsentWords: {
            /**
             * Purpose
             * @enum {string}
             */
            purpose: "marketing" | "analytics" | "buddy_program" | "data_sharing";
            /** Version */
            version: number;
            /**
             * Language
             * @enum {string}
             */
            language: "en" | "uk" | "no";
            /** Words */
            words: string;
            /** Sha256 */
            sha256: string;
        };
        /** ConsentWordsList */
        ConsentWordsList: {
            /** Items */
            items: components["schemas"]["ConsentWords"][];
        };
        /**
         * CostItem
         * @description One day, model and purpose.
         */
        CostItem: {
            /**
             * Day
             * Format: date
             */
            day: string;
            /**
             * Provider
             * @example anthropic
             */
            provider: string;
            /**
             * Model
             * @example claude-haiku-5-5
             */
            model: string;
            /**
             * Model Version
             * @example q2q-claude-v1
             */
            model_version: string;
            /**
             * Purpose
             * @example q2q_scoring
             */
            purpose: string;
            /**
             * Calls Count
             * @description Attempts, whatever came of them.
             */
            calls_count: number;
            /**
             * Failed Calls Count
             * @description Of them those without a usable answer.
             */
            failed_calls_count: number;
            /**
             * Input Tokens
             * @description With those written to the cache and read from it.
             */
            input_tokens: number;
            /** Output Tokens */
            output_tokens: number;
            /**
             * Cost Usd
             * @description US dollars, to the micro-dollar.
             * @example 12.34
             */
            cost_usd: number;
        };
        /**
         * Costs
         * @description What model calls have cost.
         */
        Costs: {
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /**
             * Currency
             * @constant
             */
            currency: "USD";
            /**
             * First Day
             * Format: date
             */
            first_day: string;
            /**
             * Last Day
             * Format: date
             */
            last_day: string;
            /**
             * Total Usd
             * @description US dollars, to the micro-dollar.
             * @example 12.34
             */
            total_usd: number;
            /** Items */
            items: components["schemas"]["CostItem"][];
        };
        /**
         * CsrdExport
         * @description Every data point of the periods.
         */
        CsrdExport: {
            /**
             * Company Id
             * Format: uuid
             * @example 5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11
             */
            company_id: string;
            /**
             * Data Version
             * @description The publication in which a figure of the company last changed: the same on every route. Null before the first.
             * @example 17
             */
            data_version: number | null;
            /**
             * As Of
             * @description When that publication was made.
             * @example 2026-09-30T04:00:12Z
             */
            as_of: string | null;
            /**
             * Grain
             * @enum {string}
             */
            grain: "month" | "quarter";
            /** Items */
            items: components["schemas"]["DataPoint"][];
        };
        /** DataPoint */
        DataPoint: {
            /**
             * Datapoint
             * @example volunteering_hours
             */
            datapoint: string;
            /**
             * Disclosure
             * @description The ESRS disclosure requirement it may support: a proposal, the preparer decides.
             * @example S3-4
             */
            disclosure: string;
            /**
             * Title
             * @example Volunteering hours logged in CSR suites
             */
            title: string;
            /**
             * Period
             * @example 2026-Q3
             */
            period: string;
            /**
             * Unit
             * @example hours
             */
            unit: string;
            /**
             * Amount
             * @example 318.5
             */
            amount: number | null;
            /**
             * Missing Reason
             * @description Why there is no amount; null if there is one.
             */
            missing_reason: string | null;
        };
        /**
         * DatedVersion
         * @description A dated version, and what a client written for the one before has to change for it.
         */
        DatedVersion: {
            /**
             * Version
             * @example 2026-11-27
             */
            version: string;
            /**
             * Since
             * Format: date
             */
            since: string;
            /** Is Newest */
            is_newest: boolean;
            /** Changes */
            changes: string[];
            /**
             * Specification
             * @description Its OpenAPI document.
             * @example /api-docs/serving.json
             */
            specification: string;
        };
        /**
         * DatedVersions
         * @description Every version that is answered, oldest first. The header names one; without it, it is the newest.
         */
        DatedVersions: {
            /**
             * Header
             * @example X-API-Version
             */
            header: string;
            /** Versions */
            versions: components["schemas"]["DatedVersion"][];
            unversioned_paths: components["schemas"]["UnversionedPaths"];
        };
        /**
         * DeleteOrder
         * @example {
         *       "subject": {
         *         "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
         *       }
         *     }
         */
        DeleteOrder: {
            /** @description Left out by a participant or volunteer who asks for themselves. */
            subject?: components["schemas"]["SubjectReference"] | null;
            /**
             * Company Id
             * @description For administrators of the platform: only one company's data. Left out, all.
             */
            company_id?: string | null;
            /**
             * Priority
             * @description Place in the queue, for administrators: 1 goes first, 10 is the usual one, 20 goes last. Left out, an immediate erasure is 1 and all else 10.
             */
            priority?: (1 | 5 | 10 | 20) | null;
            /**
             * Immediate
             * @description Without the 30 days of grace; for administrators, with a reason. Asked for while an erasure is held, it ends that one's grace.
             * @default false
             */
            immediate?: boolean;
            /**
             * Reason
             * @description Kept with the request. Name nobody.
             */
            reason?: string | null;
        };
        /**
         * Delivery
         * @description One report or correction, and how it stands.
         */
        Delivery: {
            /**
             * Delivery Id
             * Format: uuid
             */
            delivery_id: string;
            /**
             * Schedule Id
             * Format: uuid
             */
            schedule_id: string;
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /**
             * Platform
             * @example benevity
             */
            platform: string;
            /**
             * Connector
             * @example workday_soap
             */
            connector: string;
            /**
             * Period
             * @example 2026-09
             */
            period: string;
            /**
             * Period Start
             * Format: date
             */
            period_start: string;
            /**
             * Period End
             * Format: date
             */
            period_end: string;
            /**
             * Revision
             * @description 0 is the report; corrections of it count from 1.
             */
            revision: number;
            /**
             * Corrects
             * @description The accepted delivery that a correction replaces.
             */
            corrects: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "awaiting_approval" | "due" | "sending" | "retrying" | "delivered" | "failed";
            /**
             * Is Unknown
             * @description The partner may have it already; it is asked before it is sent again.
             */
            is_unknown: boolean;
            /** Mapping Version */
            mapping_version: string;
            /**
             * Data Version
             * @description The publication that the numbers come from.
             */
            data_version: number;
            /** Payload Sha256 */
            payload_sha256: string;
            /** Idempotency Key */
            idempotency_key: string;
            /**
             * Withheld
             * @description Numbers that rest on too few people to be told.
             */
            withheld: string[];
            /**
             * Due At
             * Format: date-time
             */
            due_at: string;
            /**
             * Next Attempt At
             * Format: date-time
             */
            next_attempt_at: string;
            /**
             * Failure Count
             * @description Tries that ended without an acceptance, since the last replay.
             */
            failure_count: number;
            /**
             * Attempt Count
             * @description Requests made.
             */
            attempt_count: number;
            /** Http Status */
            http_status: number | null;
            /** Error Class */
            error_class: string | null;
            /** Error */
            error: string | null;
            /**
             * Provider Reference
             * @description The partner's own id of it.
             */
            provider_reference: string | null;
            /**
             * Partner State
             * @description What the partner called back since; null: nothing.
             */
            partner_state: ("received" | "retrying" | "processed" | "rejected") | null;
            /**
             * Partner State At
             * @description By the partner's clock.
             */
            partner_state_at: string | null;
            /** Approved By */
            approved_by: string | null;
            /** Replayed By */
            replayed_by: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Finished At */
            finished_at: string | null;
        };
        /** DeliveryPage */
        DeliveryPage: {
            /** Items */
            items: components["schemas"]["Delivery"][];
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null on the last.
             */
            next_cursor: string | null;
        };
        /**
         * DeliveryStory
         * @description What is known of one delivery.
         */
        DeliveryStory: {
            /** Source */
            source: string;
            /** Delivery Id */
            delivery_id: string;
            /**
             * Outcome
             * @description accepted: under way; published: it brought its event; known: the event was there already; retrying; dead: see `dead_letters`; erased: it names somebody who was erased; refused: its body was refused, its id never taken.
             * @enum {string}
             */
            outcome: "accepted" | "published" | "known" | "retrying" | "dead" | "refused" | "erased";
            /** Received At */
            received_at: string | null;
            /** Event Id */
            event_id: string | null;
            /** Event Type */
            event_type: string | null;
            /** Duplicate Count */
            duplicate_count: number;
            /** Conflict Count */
            conflict_count: number;
            /** Failure Count */
            failure_count: number;
            /** Last Error */
            last_error: string | null;
            /** Retry At */
            retry_at: string | null;
            /**
             * Steps
             * @description In the order of time.
             */
            steps: components["schemas"]["StoryStep"][];
            /** Dead Letters */
            dead_letters: components["schemas"]["Letter"][];
        };
        /** DeliveryWithAttempts */
        DeliveryWithAttempts: {
            /**
             * Delivery Id
             * Format: uuid
             */
            delivery_id: string;
            /**
             * Schedule Id
             * Format: uuid
             */
            schedule_id: string;
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /**
             * Platform
             * @example benevity
             */
            platform: string;
            /**
             * Connector
             * @example workday_soap
             */
            connector: string;
            /**
             * Period
             * @example 2026-09
             */
            period: string;
            /**
             * Period Start
             * Format: date
             */
            period_start: string;
            /**
             * Period End
             * Format: date
             */
            period_end: string;
            /**
             * Revision
             * @description 0 is the report; corrections of it count from 1.
             */
            revision: number;
            /**
             * Corrects
             * @description The accepted delivery that a correction replaces.
             */
            corrects: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "awaiting_approval" | "due" | "sending" | "retrying" | "delivered" | "failed";
            /**
             * Is Unknown
             * @description The partner may have it already; it is asked before it is sent again.
             */
            is_unknown: boolean;
            /** Mapping Version */
            mapping_version: string;
            /**
             * Data Version
             * @description The publication that the numbers come from.
             */
            data_version: number;
            /** Payload Sha256 */
            payload_sha256: string;
            /** Idempotency Key */
            idempotency_key: string;
            /**
             * Withheld
             * @description Numbers that rest on too few people to be told.
             */
            withheld: string[];
            /**
             * Due At
             * Format: date-time
             */
            due_at: string;
            /**
             * Next Attempt At
             * Format: date-time
             */
            next_attempt_at: string;
            /**
             * Failure Count
             * @description Tries that ended without an acceptance, since the last replay.
             */
            failure_count: number;
            /**
             * Attempt Count
             * @description Requests made.
             */
            attempt_count: number;
            /** Http Status */
            http_status: number | null;
            /** Error Class */
            error_class: string | null;
            /** Error */
            error: string | null;
            /**
             * Provider Reference
             * @description The partner's own id of it.
             */
            provider_reference: string | null;
            /**
             * Partner State
             * @description What the partner called back since; null: nothing.
             */
            partner_state: ("received" | "retrying" | "processed" | "rejected") | null;
            /**
             * Partner State At
             * @description By the partner's clock.
             */
            partner_state_at: string | null;
            /** Approved By */
            approved_by: string | null;
            /** Replayed By */
            replayed_by: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Finished At */
            finished_at: string | null;
            /** Attempts */
            attempts: components["schemas"]["Attempt"][];
            /** Callbacks */
            callbacks: components["schemas"]["Callback"][];
            /**
             * Changes
             * @description Of a correction: what differs from what was accepted.
             */
            changes: components["schemas"]["Change"][] | null;
        };
        /** DimensionItem */
        DimensionItem: {
            /**
             * Dimension
             * @enum {string}
             */
            dimension: "confidence" | "belonging" | "lang_level_proxy" | "job_readiness" | "well_being";
            /**
             * Labels
             * @description What its score follows from.
             */
            labels: string[];
            /**
             * Score
             * @description How it follows.
             */
            score: string;
        };
        /** Done */
        Done: {
            /**
             * Matched Count
             * @description How many waited and matched, up to `limit`.
             */
            matched_count: number;
            /**
             * Settled Count
             * @description How many were replayed or discarded.
             */
            settled_count: number;
            /**
             * Gone Count
             * @description How many had lost their bytes.
             */
            gone_count: number;
            /**
             * Action Id
             * @description The audit's row; null when nothing was done.
             */
            action_id: number | null;
        };
        /**
         * Download
         * @description A finished export.
         */
        Download: {
            /**
             * Url
             * @description Needs no credential until it ends; treat it as the data themselves.
             */
            url: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Bytes
             * @example 48213
             */
            bytes: number;
            /** Sha256 */
            sha256: string;
        };
        /**
         * DriftResult
         * @description One series in one language against the model's baseline.
         */
        DriftResult: {
            /** Model Id */
            model_id: string;
            /**
             * Grain
             * @enum {string}
             */
            grain: "daily" | "weekly";
            /**
             * Window From
             * Format: date-time
             */
            window_from: string;
            /**
             * Window Until
             * Format: date-time
             */
            window_until: string;
            /**
             * Series
             * @example confidence_increase
             */
            series: string;
            /**
             * Language
             * @example uk
             */
            language: string;
            /** Baseline Count */
            baseline_count: number;
            /** Window Count */
            window_count: number;
            /**
             * Psi
             * @description Population stability index; above 0.2 is the agreed alert.
             */
            psi: number | null;
            /**
             * Psi Noise
             * @description What chance alone makes of it on average.
             */
            psi_noise: number | null;
            /**
             * Js Divergence
             * @description Jensen-Shannon divergence in nats.
             */
            js_divergence: number | null;
            /**
             * Js Distance
             * @description Its square root, which is what Evidently reports.
             */
            js_distance: number | null;
            /**
             * P Value
             * @description Permutation test.
             */
            p_value: number | null;
            /**
             * Q Value
             * @description The p-value after Benjamini-Hochberg.
             */
            q_value: number | null;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "insufficient" | "ok" | "monitor" | "shifted" | "alert";
            /**
             * Severity
             * @enum {string}
             */
            severity: "none" | "low" | "medium" | "high";
            /**
             * Checked At
             * Format: date-time
             */
            checked_at: string;
        };
        /** DriftResults */
        DriftResults: {
            /** Items */
            items: components["schemas"]["DriftResult"][];
        };
        /** DryRun */
        DryRun: {
            /** Rule Hash */
            rule_hash: string;
            /**
             * As Of
             * Format: date-time
             */
            as_of: string;
            person: components["schemas"]["PersonAnswer"] | null;
            /**
             * People Count
             * @description People whose activities the rule asks for.
             */
            people_count: number | null;
            /** Holds Count */
            holds_count: number | null;
        };
        /**
         * DryRunOrder
         * @description On a person if one is named, on the whole company if not.
         * @example {
         *       "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
         *       "text": "id: three_sessions\nname: Three sessions\ndescription: Three sessions of any kind, ever.\nowner: programmes\nstate: draft\nfacts:\n  sessions: {count: kintell_sessions}\nwhen:\n  all:\n    - {fact: sessions, op: \">=\", value: 3}\nthen:\n  set_flag: {flag: mentor_ready}\n"
         *     }
         */
        DryRunOrder: {
            /**
             * Text
             * @description YAML.
             */
            text: string;
            /**
             * Company Id
             * @description For administrators of the platform.
             */
            company_id?: string | null;
            /** Person Id */
            person_id?: string | null;
            /**
             * As Of
             * @description The instant it is asked about; now if left out.
             */
            as_of?: string | null;
        };
        /**
         * ErrorClass
         * @enum {string}
         */
        ErrorClass: "transient" | "permanent" | "unknown";
        /**
         * Evaluation
         * @description What a version showed on a labelled set.
         */
        Evaluation: {
            /**
             * Evaluation Id
             * Format: uuid
             */
            evaluation_id: string;
            /** Model Id */
            model_id: string;
            /**
             * Content Sha256
             * @description Of the definition that was evaluated.
             */
            content_sha256: string;
            /**
             * Set Version
             * @example proof_v3
             */
            set_version: string;
            /** Set Sha256 */
            set_sha256: string;
            /** Split */
            split: string;
            /**
             * Evaluated At
             * Format: date-time
             */
            evaluated_at: string;
            /** Has Passed */
            has_passed: boolean | null;
            /** Failures */
            failures: string[] | null;
            /**
             * Figures
             * @description Per language and label, with counts and 95 % intervals.
             */
            figures: {
                [key: string]: unknown;
            };
        };
        /**
         * EvaluationOrder
         * @description The engine looks at the person's whole history again.
         */
        EvaluationOrder: {
            /**
             * Participant Id
             * Format: uuid
             */
            participant_id: string;
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /** Evaluated Through */
            evaluated_through: string | null;
            /** Flags Url */
            flags_url: string;
        };
        /** Evaluations */
        Evaluations: {
            /** Items */
            items: components["schemas"]["Evaluation"][];
        };
        /**
         * Evidence
         * @description Newest first. Events arrive at any time, so the list may be ahead of the published number.
         */
        Evidence: {
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /**
             * Metric
             * @example sessions_count
             */
            metric: string;
            /** Items */
            items: components["schemas"]["EvidenceEvent"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * EvidenceEvent
         * @description One event that a number was computed from.
         */
        EvidenceEvent: {
            /**
             * Event Id
             * Format: uuid
             * @description `raw.events` has the event under this id.
             */
            event_id: string;
            /**
             * Event Type
             * @example kintell.session.completed
             */
            event_type: string;
            /**
             * Occurred At
             * Format: date-time
             */
            occurred_at: string;
            /**
             * Person Id
             * @description Whom it is about, as a pseudonym; null if nobody is known.
             */
            person_id: string | null;
            /**
             * Snippet
             * @description Of a score: the redacted words it rests on, for 90 days and where at least five people wrote in the quarter. Null otherwise, and for every other event.
             */
            snippet: string | null;
        };
        /**
         * EvidenceItem
         * @description Words of the redacted text that carry a label.
         */
        EvidenceItem: {
            /**
             * Label
             * @example resume_improvement
             */
            label: string;
            /**
             * Snippet
             * @example helped me with my CV
             */
            snippet: string;
            /**
             * Start
             * @description In characters of `redacted_text`.
             * @example 10
             */
            start: number;
            /**
             * End
             * @example 30
             */
            end: number;
            /**
             * Reason
             * @description What the model said, or the rule's id.
             */
            reason: string;
        };
        /**
         * Explanation
         * @description What a rule says of the person at this moment, and why.
         */
        Explanation: {
            /** Rule Id */
            rule_id: string;
            /**
             * Rule Hash
             * @description The version of the rule.
             */
            rule_hash: string;
            /** Name */
            name: string;
            /**
             * Holds
             * @description Null: unknown, which never sets a flag.
             */
            holds: boolean | null;
            /**
             * Facts
             * @description Times are in seconds; null is unknown.
             */
            facts: {
                [key: string]: number | null;
            };
            /**
             * Missing
             * @description Empty if the rule holds.
             */
            missing: components["schemas"]["Missing"][];
            /**
             * Next Change At
             * @description When time alone may change the answer.
             */
            next_change_at: string | null;
            /**
             * Evidence
             * @description Events behind the facts, newest first.
             */
            evidence: components["schemas"]["JourneyEvidence"][];
        };
        /**
         * ExportOrder
         * @example {
         *       "right": "access",
         *       "subject": {
         *         "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
         *       }
         *     }
         */
        ExportOrder: {
            /** @description Left out by a participant or volunteer who asks for themselves. */
            subject?: components["schemas"]["SubjectReference"] | null;
            /**
             * Company Id
             * @description For administrators of the platform: only one company's data. Left out, all.
             */
            company_id?: string | null;
            /**
             * Priority
             * @description Place in the queue, for administrators: 1 goes first, 10 is the usual one, 20 goes last. Left out, an immediate erasure is 1 and all else 10.
             */
            priority?: (1 | 5 | 10 | 20) | null;
            /**
             * Right
             * @description The file is the same.
             * @default access
             * @enum {string}
             */
            right?: "access" | "portability";
        };
        /**
         * ExtendOrder
         * @example {
         *       "reason": "Three archives have to be searched."
         *     }
         */
        ExtendOrder: {
            /**
             * Reason
             * @description Why two months more are needed. The person reads it with the request; name nobody in it.
             */
            reason: string;
        };
        /** FileProblem */
        FileProblem: {
            /** Line */
            line: number;
            /**
             * Where
             * @example facts.sessions.witin
             */
            where: string;
            /**
             * Message
             * @example unknown key 'witin'
             */
            message: string;
            /**
             * Suggestion
             * @example did you mean 'within'?
             */
            suggestion: string | null;
        };
        /** FlagHistory */
        FlagHistory: {
            /**
             * Participant Id
             * Format: uuid
             */
            participant_id: string;
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /** As Of */
            as_of: string | null;
            /**
             * Known At
             * Format: date-time
             */
            known_at: string;
            /** Items */
            items: components["schemas"]["HistoryItem"][];
        };
        /** FunnelStage */
        FunnelStage: {
            /**
             * Program Type
             * @example mentorship
             */
            program_type: string;
            /**
             * Cohort Quarter
             * @example 2026-Q2
             */
            cohort_quarter: string;
            /**
             * Stage
             * @enum {string}
             */
            stage: "enrolled" | "matched" | "session_completed" | "program_completed";
            /** Stage Order */
            stage_order: number;
            /** People Count */
            people_count: number | null;
            /**
             * Conversion From Start
             * @description Share of the first stage, 0 to 1.
             */
            conversion_from_start: number | null;
            /**
             * Conversion From Previous
             * @description Share of the stage before, 0 to 1.
             */
            conversion_from_previous: number | null;
            /**
             * Is Suppressed
             * @description The group is so small that its numbers might tell of one person or company.
             */
            is_suppressed: boolean;
            /**
             * Suppressed Reason
             * @description Why the numbers are withheld; null if they are not.
             */
            suppressed_reason: string | null;
        };
        /**
         * Funnels
         * @description How far the people of a quarter came. A person counts at a stage only if at all before it.
         */
        Funnels: {
            /**
             * Company Id
             * Format: uuid
             * @example 5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11
             */
            company_id: string;
            /**
             * Data Version
             * @description The publication in which a figure of the company last changed: the same on every route. Null before the first.
             * @example 17
             */
            data_version: number | null;
            /**
             * As Of
             * @description When that publication was made.
             * @example 2026-09-30T04:00:12Z
             */
            as_of: string | null;
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null on the last one.
             */
            next_cursor: string | null;
            /** Items */
            items: components["schemas"]["FunnelStage"][];
        };
        /** Goal */
        Goal: {
            /**
             * Period
             * @example 2026-Q3
             */
            period: string;
            /**
             * Period Start
             * Format: date
             */
            period_start: string;
            /**
             * Sdg Goal
             * @example 8
             */
            sdg_goal: number;
            /** Activities Count */
            activities_count: number;
        };
        /**
         * Goals
         * @description Activities per Sustainable Development Goal. An activity may count for several goals.
         */
        Goals: {
            /**
             * Company Id
             * Format: uuid
             * @example 5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11
             */
            company_id: string;
            /**
             * Data Version
             * @description The publication in which a figure of the company last changed: the same on every route. Null before the first.
             * @example 17
             */
            data_version: number | null;
            /**
             * As Of
             * @description When that publication was made.
             * @example 2026-09-30T04:00:12Z
             */
            as_of: string | null;
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null on the last one.
             */
            next_cursor: string | null;
            /**
             * Grain
             * @enum {string}
             */
            grain: "month" | "quarter";
            /** Items */
            items: components["schemas"]["Goal"][];
        };
        /** GroupShare */
        GroupShare: {
            /** Language */
            language: string;
            /** People Count */
            people_count: number;
            /** Ever Set Count */
            ever_set_count: number;
        };
        /** Health */
        Health: {
            /**
             * Status
             * @default ok
             * @constant
             */
            status?: "ok";
        };
        /**
         * History
         * @description One metric month by month, oldest first.
         */
        History: {
            /**
             * Company Id
             * Format: uuid
             * @example 5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11
             */
            company_id: string;
            /**
             * Data Version
             * @description The publication in which a figure of the company last changed: the same on every route. Null before the first.
             * @example 17
             */
            data_version: number | null;
            /**
             * As Of
             * @description When that publication was made.
             * @example 2026-09-30T04:00:12Z
             */
            as_of: string | null;
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null on the last one.
             */
            next_cursor: string | null;
            /**
             * Metric
             * @enum {string}
             */
            metric: "participants_count" | "volunteers_count" | "sessions_count" | "language_sessions_count" | "mentorship_sessions_count" | "volunteer_hours" | "ratings_count" | "avg_rating" | "enrollments_count" | "buddy_matches_count" | "courses_completed_count" | "avg_integration_score" | "integration_scores_count" | "avg_language_level" | "avg_job_readiness" | "job_readiness_count" | "sroi_ratio" | "sroi_outcome_ratio" | "vis_score" | "volunteering_hours" | "donations_usd" | "donations_count" | "placements_count";
            /** Items */
            items: components["schemas"]["HistoryPoint"][];
        };
        /**
         * HistoryItem
         * @description From `valid_from` on the rule held, or did not; known since `recorded_at`.
         */
        HistoryItem: {
            /** Rule Id */
            rule_id: string;
            /** Rule Hash */
            rule_hash: string;
            /** Flag */
            flag: string | null;
            /** Milestone */
            milestone: string | null;
            /** Value */
            value: boolean;
            /**
             * Valid From
             * Format: date-time
             */
            valid_from: string;
            /**
             * Recorded At
             * Format: date-time
             */
            recorded_at: string;
            /**
             * Superseded At
             * @description When another belief took its place.
             */
            superseded_at: string | null;
            /**
             * Cause
             * @enum {string}
             */
            cause: "event" | "time" | "expiry" | "rules" | "correction";
            /**
             * Is In Force
             * @description False: the rule was on trial from then on, and nobody was told.
             */
            is_in_force: boolean;
            /** Facts */
            facts: {
                [key: string]: number | null;
            };
            /** Missing */
            missing: components["schemas"]["Missing"][];
            /** Evidence */
            evidence: string[];
        };
        /** HistoryPoint */
        HistoryPoint: {
            /**
             * Period
             * @example 2026-09
             */
            period: string;
            /**
             * Period Start
             * Format: date
             * @example 2026-09-01
             */
            period_start: string;
            /**
             * Value
             * @example 49.25
             */
            value: number | null;
        };
        /**
         * Inputs
         * @description What was put in.
         */
        Inputs: {
            /**
             * Total Volunteers
             * @description Distinct volunteers with activity in the period.
             * @example 42
             */
            total_volunteers: number;
            /**
             * Total Hours
             * @description Hours of completed sessions.
             * @example 318.5
             */
            total_hours: number;
            /**
             * Total Sessions
             * @description Completed sessions.
             * @example 377
             */
            total_sessions: number;
            /**
             * Active Participants
             * @description Distinct participants with activity.
             * @example 129
             */
            active_participants: number;
        };
        /** ItemFinding */
        ItemFinding: {
            /** Category */
            category: string;
            /** Severity */
            severity: string;
            /** Rule */
            rule: string;
            /**
             * Start
             * @description In characters of the text.
             */
            start: number;
            /** End */
            end: number;
            /** Confidence */
            confidence: number;
        };
        /** JourneyEvidence */
        JourneyEvidence: {
            /**
             * Event Id
             * Format: uuid
             */
            event_id: string;
            /**
             * Event Type
             * @description Null: the event has been corrected or erased since.
             */
            event_type: string | null;
            /** Occurred At */
            occurred_at: string | null;
        };
        JsonValue: unknown;
        /**
         * Key
         * @description What may be shown of a key: everything but the key.
         */
        Key: {
            /**
             * Key Id
             * Format: uuid
             */
            key_id: string;
            /**
             * Company Id
             * @description Null: every company, of an administrator of the platform.
             */
            company_id: string | null;
            /**
             * Name
             * @example cockpit production
             */
            name: string;
            /**
             * Prefix
             * @description Its first characters, to recognise it by.
             * @example teei_live_Eg
             */
            prefix: string;
            /**
             * Role
             * @enum {string}
             */
            role: "system_admin" | "company_admin" | "company_user" | "api_client";
            /**
             * Scopes
             * @description The permissions it is narrowed to; null: all of its role.
             * @example [
             *       "report:view"
             *     ]
             */
            scopes: string[] | null;
            /**
             * Api Version
             * @description The version it stays with; null: the newest.
             */
            api_version: string | null;
            /** Rate Limit Per Minute */
            rate_limit_per_minute: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Revoked At */
            revoked_at: string | null;
            /**
             * Last Used At
             * @description To a minute.
             */
            last_used_at: string | null;
        };
        /** KeyList */
        KeyList: {
            /** Items */
            items: components["schemas"]["Key"][];
        };
        /**
         * KeyOrder
         * @description A key to be made.
         * @example {
         *       "api_version": "2026-11-27",
         *       "name": "cockpit",
         *       "role": "api_client",
         *       "scopes": [
         *         "report:view"
         *       ]
         *     }
         */
        KeyOrder: {
            /**
             * Name
             * @description What it is for.
             * @example cockpit
             */
            name: string;
            /**
             * Role
             * @default api_client
             * @enum {string}
             */
            role?: "system_admin" | "company_admin" | "company_user" | "api_client";
            /**
             * Scopes
             * @description Some permissions of the role; without it, all.
             * @example [
             *       "report:view"
             *     ]
             */
            scopes?: ("company:read" | "company:write" | "company:delete" | "company:settings" | "user:read" | "user:write" | "user:delete" | "user:invite" | "data:read" | "data:write" | "data:delete" | "data:export" | "report:view" | "report:create" | "report:export" | "analytics:view" | "api_key:read" | "api_key:create" | "api_key:revoke" | "api_key:regenerate" | "audit_log:view" | "safety:review" | "privacy:manage" | "privacy:own" | "system:admin")[] | null;
            /**
             * Api Version
             * @example 2026-11-27
             */
            api_version?: string | null;
            /**
             * Expires At
             * @description Without it, for ever.
             */
            expires_at?: string | null;
            /**
             * Rate Limit Per Minute
             * @default 1000
             */
            rate_limit_per_minute?: number;
            /**
             * Company Id
             * @description For administrators of the platform.
             */
            company_id?: string | null;
        };
        /**
         * LabelsAnswer
         * @description Null was not decided; an empty list was decided: nothing of it is in the text.
         */
        LabelsAnswer: {
            /** Confidence Increase */
            confidence_increase: boolean | null;
            /** Confidence Decrease */
            confidence_decrease: boolean | null;
            /** Belonging Increase */
            belonging_increase: boolean | null;
            /** Belonging Decrease */
            belonging_decrease: boolean | null;
            /** Language Comfort */
            language_comfort: ("low" | "medium" | "high") | null;
            /** Employability Signals */
            employability_signals: ("job_search" | "skills_gained" | "networking" | "resume_improvement" | "interview_prep" | "certification" | "portfolio_building" | "career_goal_setting")[] | null;
            /** Risk Cues */
            risk_cues: ("isolation" | "frustration" | "disengagement" | "anxiety" | "dropout_indication" | "confusion" | "negative_self_talk" | "lack_of_support")[] | null;
            /** Topics */
            topics: ("cv" | "interview" | "pm" | "dev" | "networking" | "mentorship")[];
        };
        /**
         * Letter
         * @description A dead letter without its bytes. `letter_id` is its place in the stream DEAD_LETTERS.
         */
        Letter: {
            /**
             * Letter Id
             * @example 17
             */
            letter_id: number;
            /**
             * Source
             * @example kintell
             */
            source: string;
            /**
             * Kind
             * @example session-completed
             */
            kind: string;
            /**
             * Message Key
             * @description Names the message that died.
             * @example kintell:6f0a
             */
            message_key: string;
            /**
             * Delivery Id
             * @description Null for what is not a delivery.
             * @example 6f0a
             */
            delivery_id: string | null;
            error_class: components["schemas"]["ErrorClass"];
            /**
             * Reason
             * @description The last error: fields and places, never values.
             */
            reason: string;
            /** First Error */
            first_error: string;
            /**
             * Attempts
             * @description How often it was tried.
             * @example 4
             */
            attempts: number;
            /**
             * First Failed At
             * Format: date-time
             */
            first_failed_at: string;
            /**
             * Died At
             * Format: date-time
             */
            died_at: string;
            /**
             * Code Version
             * @description The code that gave it up.
             * @example 0.1.0+1b2c3d4e
             */
            code_version: string;
            /**
             * Replay Of
             * @description The letter it was before it was replayed and failed again.
             */
            replay_of: number | null;
            /**
             * State
             * @enum {string}
             */
            state: "waiting" | "replayed" | "discarded" | "gone";
            /** Settled At */
            settled_at: string | null;
            /**
             * Settled By
             * @description Who replayed or discarded it.
             */
            settled_by: string | null;
        };
        /** LetterPage */
        LetterPage: {
            /** Items */
            items: components["schemas"]["Letter"][];
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null on the last.
             */
            next_cursor: string | null;
        };
        /**
         * LetterWithPayload
         * @description One dead letter; the last three are given only when asked for with `payload=true`.
         */
        LetterWithPayload: {
            /**
             * Letter Id
             * @example 17
             */
            letter_id: number;
            /**
             * Source
             * @example kintell
             */
            source: string;
            /**
             * Kind
             * @example session-completed
             */
            kind: string;
            /**
             * Message Key
             * @description Names the message that died.
             * @example kintell:6f0a
             */
            message_key: string;
            /**
             * Delivery Id
             * @description Null for what is not a delivery.
             * @example 6f0a
             */
            delivery_id: string | null;
            error_class: components["schemas"]["ErrorClass"];
            /**
             * Reason
             * @description The last error: fields and places, never values.
             */
            reason: string;
            /** First Error */
            first_error: string;
            /**
             * Attempts
             * @description How often it was tried.
             * @example 4
             */
            attempts: number;
            /**
             * First Failed At
             * Format: date-time
             */
            first_failed_at: string;
            /**
             * Died At
             * Format: date-time
             */
            died_at: string;
            /**
             * Code Version
             * @description The code that gave it up.
             * @example 0.1.0+1b2c3d4e
             */
            code_version: string;
            /**
             * Replay Of
             * @description The letter it was before it was replayed and failed again.
             */
            replay_of: number | null;
            /**
             * State
             * @enum {string}
             */
            state: "waiting" | "replayed" | "discarded" | "gone";
            /** Settled At */
            settled_at: string | null;
            /**
             * Settled By
             * @description Who replayed or discarded it.
             */
            settled_by: string | null;
            /**
             * Payload Text
             * @description The original bytes, if they are UTF-8.
             */
            payload_text?: string | null;
            /**
             * Payload Base64
             * @description The original bytes; null when they are gone.
             */
            payload_base64?: string | null;
            /** Original Headers */
            original_headers?: {
                [key: string]: string;
            } | null;
        };
        /**
         * MilestoneOrder
         * @description A milestone that no rule can see.
         * @example {
         *       "reached_at": "2026-09-30T04:00:12Z",
         *       "reason": "The employer told us."
         *     }
         */
        MilestoneOrder: {
            /**
             * Reached At
             * Format: date-time
             */
            reached_at: string;
            /**
             * Reason
             * @description For colleagues. Leave names out.
             */
            reason: string;
        };
        /** Milestones */
        Milestones: {
            /**
             * Participant Id
             * Format: uuid
             */
            participant_id: string;
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /** Items */
            items: components["schemas"]["ParticipantMilestone"][];
        };
        /**
         * Missing
         * @description A condition that is not met, and how far away it is.
         */
        Missing: {
            /**
             * Fact
             * @example language_sessions
             */
            fact: string;
            /**
             * Operator
             * @example >=
             */
            operator: string;
            /**
             * Needed
             * @description Times are in seconds. Null: the fact has to be known at all.
             */
            needed: number | null;
            /** Actual */
            actual: number | null;
            /**
             * Distance
             * @example 1 more language sessions
             */
            distance: string;
        };
        /** ModelHistory */
        ModelHistory: {
            /**
             * Model Id
             * @example q2q-local-v4
             */
            model_id: string;
            /**
             * Provider
             * @example local
             */
            provider: string;
            /**
             * Purpose
             * @example q2q
             */
            purpose: string;
            /** Definition */
            definition: {
                [key: string]: unknown;
            };
            /** Content Sha256 */
            content_sha256: string;
            /**
             * Effective From
             * Format: date-time
             */
            effective_from: string;
            /** Description */
            description: string;
            /**
             * Is Shadow
             * @description Scores beside the serving version, without effect.
             */
            is_shadow: boolean;
            /**
             * Is Listed
             * @description The file of models still has it.
             */
            is_listed: boolean;
            /**
             * Is Serving
             * @description In force at the instant asked for.
             */
            is_serving: boolean;
            serving: components["schemas"]["Window"] | null;
            /** Deactivated At */
            deactivated_at: string | null;
            /** First Used At */
            first_used_at: string | null;
            /**
             * Evaluation Id
             * @description The newest evaluation of this definition.
             */
            evaluation_id: string | null;
            /** Evaluated At */
            evaluated_at: string | null;
            /**
             * Has Passed
             * @description The gate's latest word on it; null if it was not asked.
             */
            has_passed: boolean | null;
            /**
             * Failures
             * @description Why it did not pass.
             */
            failures: string[] | null;
            /**
             * Windows
             * @description All of them, oldest first.
             */
            windows: components["schemas"]["Window"][];
        };
        /** ModelUsed */
        ModelUsed: {
            /**
             * Provider
             * @enum {string}
             */
            provider: "local" | "anthropic";
            /**
             * Model Version
             * @example q2q-local-v4
             */
            model_version: string;
            /**
             * Prompt Version
             * @example v3.0
             */
            prompt_version: string | null;
            /** Prompt Sha256 */
            prompt_sha256: string | null;
            /**
             * Fallback Reason
             * @description Why `auto` took the local model; null where it took Claude or was not asked.
             */
            fallback_reason: ("budget" | "no_price" | "no_key" | "no_model") | null;
        };
        /**
         * ModelVersion
         * @description One version. `definition` is all that decides a score; it is final once the version was used.
         */
        ModelVersion: {
            /**
             * Model Id
             * @example q2q-local-v4
             */
            model_id: string;
            /**
             * Provider
             * @example local
             */
            provider: string;
            /**
             * Purpose
             * @example q2q
             */
            purpose: string;
            /** Definition */
            definition: {
                [key: string]: unknown;
            };
            /** Content Sha256 */
            content_sha256: string;
            /**
             * Effective From
             * Format: date-time
             */
            effective_from: string;
            /** Description */
            description: string;
            /**
             * Is Shadow
             * @description Scores beside the serving version, without effect.
             */
            is_shadow: boolean;
            /**
             * Is Listed
             * @description The file of models still has it.
             */
            is_listed: boolean;
            /**
             * Is Serving
             * @description In force at the instant asked for.
             */
            is_serving: boolean;
            serving: components["schemas"]["Window"] | null;
            /** Deactivated At */
            deactivated_at: string | null;
            /** First Used At */
            first_used_at: string | null;
            /**
             * Evaluation Id
             * @description The newest evaluation of this definition.
             */
            evaluation_id: string | null;
            /** Evaluated At */
            evaluated_at: string | null;
            /**
             * Has Passed
             * @description The gate's latest word on it; null if it was not asked.
             */
            has_passed: boolean | null;
            /**
             * Failures
             * @description Why it did not pass.
             */
            failures: string[] | null;
        };
        /** ModelVersions */
        ModelVersions: {
            /**
             * As Of
             * Format: date-time
             */
            as_of: string;
            /** Items */
            items: components["schemas"]["ModelVersion"][];
        };
        /**
         * NewKey
         * @description A key that was just made. `key` is never shown again.
         */
        NewKey: {
            /**
             * Key
             * @description The key itself; keep it like a password.
             */
            key: string;
            /** Name */
            name: string;
            /**
             * Role
             * @enum {string}
             */
            role: "system_admin" | "company_admin" | "company_user" | "api_client";
            /** Scopes */
            scopes: string[] | null;
            /** Api Version */
            api_version: string | null;
            /** Expires At */
            expires_at: string | null;
        };
        /**
         * Order
         * @description Which letters, and how fast. Only letters that wait are acted on, the oldest first.
         * @example {
         *       "dry_run": true,
         *       "error_class": "transient",
         *       "limit": 500
         *     }
         */
        Order: {
            /** Ids */
            ids?: number[] | null;
            /** Source */
            source?: string | null;
            /** Kind */
            kind?: string | null;
            error_class?: components["schemas"]["ErrorClass"] | null;
            /** Since */
            since?: string | null;
            /** Until */
            until?: string | null;
            /**
             * Limit
             * @default 500
             */
            limit?: number;
            /**
             * Per Second
             * @default 500
             */
            per_second?: number;
            /**
             * Dry Run
             * @description Only count.
             * @default false
             */
            dry_run?: boolean;
        };
        /** OutcomeItem */
        OutcomeItem: {
            /**
             * Period
             * @example 2026-Q3
             */
            period: string;
            /**
             * Period Start
             * Format: date
             */
            period_start: string;
            /**
             * Dimension
             * @enum {string}
             */
            dimension: "confidence" | "belonging" | "lang_level_proxy" | "job_readiness" | "well_being";
            /**
             * Avg Score
             * @description 0 to 1; null, like its sums, where it is withheld.
             * @example 0.71
             */
            avg_score: number | null;
            /**
             * Score Sum
             * @description Add sums and counts to join periods; never average averages.
             */
            score_sum: number | null;
            /** Scores Count */
            scores_count: number;
            /**
             * Confidence Avg
             * @description How sure the scoring was, 0 to 1.
             */
            confidence_avg: number | null;
            /** Confidence Sum */
            confidence_sum: number | null;
            /** People Count */
            people_count: number;
            /**
             * Suppressed Reason
             * @description `fewer_than_5_people`: in the period or, of a month, in a month of its quarter.
             * @example null
             */
            suppressed_reason: string | null;
        };
        /**
         * OutcomeSeries
         * @description Scores per period and dimension, oldest first.
         */
        OutcomeSeries: {
            /**
             * Company Id
             * Format: uuid
             * @example 5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11
             */
            company_id: string;
            /**
             * Data Version
             * @description The publication in which a figure of the company last changed: the same on every route. Null before the first.
             * @example 17
             */
            data_version: number | null;
            /**
             * As Of
             * @description When that publication was made.
             * @example 2026-09-30T04:00:12Z
             */
            as_of: string | null;
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null on the last one.
             */
            next_cursor: string | null;
            /**
             * Grain
             * @enum {string}
             */
            grain: "month" | "quarter";
            /** Items */
            items: components["schemas"]["OutcomeItem"][];
        };
        /**
         * Outcomes
         * @description What came of it; null where nothing is known or it is of too few people (`/metrics` says which).
         */
        Outcomes: {
            /**
             * Integration Avg
             * @description Mean integration score, 0 to 100.
             * @example 52.1
             */
            integration_avg: number | null;
            /**
             * Language Avg
             * @description Mean language level as a share of C2, 0 to 1.
             * @example 0.5
             */
            language_avg: number | null;
            /**
             * Job Readiness Avg
             * @description Mean job readiness, 0 to 1.
             * @example 0.62
             */
            job_readiness_avg: number | null;
            /**
             * Dimensions
             * @description Mean score of feedback per outcome dimension, 0 to 1; empty without scored feedback.
             * @example {
             *       "belonging": 0.64,
             *       "confidence": 0.71
             *     }
             */
            dimensions: {
                [key: string]: number | null;
            };
        };
        /**
         * ParticipantFlag
         * @description A flag, set or not, with every rule that could set it.
         */
        ParticipantFlag: {
            /**
             * Flag
             * @example mentor_ready
             */
            flag: string;
            /** Is Set */
            is_set: boolean;
            /** @description `false` while the flag is not set. */
            value: components["schemas"]["JsonValue"];
            /**
             * Since
             * @description Null: it has never been set.
             */
            since: string | null;
            /** Expires At */
            expires_at: string | null;
            /**
             * Rule Id
             * @description The rule that decided.
             */
            rule_id: string | null;
            /** Rule Hash */
            rule_hash: string | null;
            /**
             * Changed At
             * @description When it became known here.
             */
            changed_at: string | null;
            /** Why */
            why: components["schemas"]["Explanation"][];
        };
        /** ParticipantFlags */
        ParticipantFlags: {
            /**
             * Participant Id
             * Format: uuid
             */
            participant_id: string;
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /**
             * As Of
             * Format: date-time
             */
            as_of: string;
            /**
             * Evaluated Through
             * Format: date-time
             * @description What happened up to then is in the flags.
             */
            evaluated_through: string;
            /** Flags */
            flags: components["schemas"]["ParticipantFlag"][];
        };
        /**
         * ParticipantMilestone
         * @description A milestone: reached once, whatever happens after.
         */
        ParticipantMilestone: {
            /**
             * Milestone
             * @enum {string}
             */
            milestone: "buddy_matched" | "first_language_session" | "language_level_up" | "first_mentorship_session" | "course_enrolled" | "course_completed" | "credential_earned" | "job_ready" | "mentor_ready";
            /** Is Reached */
            is_reached: boolean;
            /** Reached At */
            reached_at: string | null;
            /**
             * Rule Id
             * @description Null: recorded by a person, or not reached.
             */
            rule_id: string | null;
            /** Rule Hash */
            rule_hash: string | null;
            /** Recorded At */
            recorded_at: string | null;
            /** Recorded By */
            recorded_by: string | null;
            /** Reason */
            reason: string | null;
            /**
             * Withdrawn At
             * @description What it followed from was corrected or erased, and nothing leads to it any more.
             */
            withdrawn_at: string | null;
            /** Evidence */
            evidence: string[];
            /**
             * Why
             * @description What the rules that lead to it say now.
             */
            why: components["schemas"]["Explanation"][];
        };
        /** PastDecision */
        PastDecision: {
            /**
             * Review Id
             * Format: uuid
             */
            review_id: string;
            /** Reviewer */
            reviewer: string;
            /**
             * Decision
             * @enum {string}
             */
            decision: "approved" | "rejected" | "escalated";
            /** Is Final */
            is_final: boolean;
            /** Is Flag Right */
            is_flag_right: boolean | null;
            /** Notes */
            notes: string | null;
            /**
             * Decided At
             * Format: date-time
             */
            decided_at: string;
        };
        /**
         * PeriodMetrics
         * @description The figures of one period.
         */
        PeriodMetrics: {
            /**
             * Period
             * @example 2026-09
             */
            period: string;
            /**
             * Period Start
             * Format: date
             * @description First day, UTC.
             * @example 2026-09-01
             */
            period_start: string;
            /**
             * Period End
             * Format: date
             * @description Last day, UTC.
             * @example 2026-09-30
             */
            period_end: string;
            /**
             * Participants Count
             * @description Distinct participants with any activity.
             */
            participants_count: number;
            /**
             * Volunteers Count
             * @description Distinct volunteers with any activity.
             */
            volunteers_count: number;
            /**
             * Sessions Count
             * @description Completed sessions.
             */
            sessions_count: number;
            /** Language Sessions Count */
            language_sessions_count: number;
            /** Mentorship Sessions Count */
            mentorship_sessions_count: number;
            /**
             * Volunteer Hours
             * @description Hours of completed sessions.
             */
            volunteer_hours: number;
            /**
             * Ratings Count
             * @description Sessions rated by their participant.
             */
            ratings_count: number;
            /**
             * Avg Rating
             * @description Mean rating, 0 to 1; null without ratings or, with a reason, of too few people.
             */
            avg_rating: number | null;
            /** Enrollments Count */
            enrollments_count: number;
            /** Buddy Matches Count */
            buddy_matches_count: number;
            /** Courses Completed Count */
            courses_completed_count: number;
            /**
             * Integration Score Sum
             * @description Sums and counts join periods; averages do not. Null where the average is withheld.
             */
            integration_score_sum: number | null;
            /**
             * Integration Scores Count
             * @description Participants whose integration score is known.
             */
            integration_scores_count: number;
            /**
             * Avg Integration Score
             * @description 0 to 100; null where none is known.
             */
            avg_integration_score: number | null;
            /** Language Level Sum */
            language_level_sum: number | null;
            /**
             * Avg Language Level
             * @description Share of C2, 0 to 1; null where none is known.
             */
            avg_language_level: number | null;
            /** Job Readiness Sum */
            job_readiness_sum: number | null;
            /** Job Readiness Count */
            job_readiness_count: number;
            /**
             * Avg Job Readiness
             * @description 0 to 1; null without scored feedback.
             */
            avg_job_readiness: number | null;
            /**
             * Sroi Ratio
             * @description Net, base scenario; `/sroi` has the reason of a null.
             */
            sroi_ratio: number | null;
            /**
             * Sroi Outcome Ratio
             * @description Gross, by outcome values; `/sroi` has the reason of a null.
             */
            sroi_outcome_ratio: number | null;
            /**
             * Vis Score
             * @description 0 to 100; `/vis` has the reason of a null.
             */
            vis_score: number | null;
            /**
             * Volunteering Hours
             * @description Hours logged in CSR suites.
             */
            volunteering_hours: number;
            /** Donations Usd */
            donations_usd: number;
            /** Donations Count */
            donations_count: number;
            /**
             * Donations Without Usd Count
             * @description Of unknown worth in US dollars: not in the sum.
             */
            donations_without_usd_count: number;
            /** Placements Count */
            placements_count: number;
            /**
             * Rating Suppressed Reason
             * @description `fewer_than_5_people` where the average is withheld; so below.
             * @example null
             */
            rating_suppressed_reason: string | null;
            /**
             * Integration Suppressed Reason
             * @description Of the integration score and the language level.
             * @example null
             */
            integration_suppressed_reason: string | null;
            /**
             * Job Readiness Suppressed Reason
             * @example fewer_than_5_people
             */
            job_readiness_suppressed_reason: string | null;
        };
        /** PersonAnswer */
        PersonAnswer: {
            /**
             * Holds
             * @description Null: unknown, which never sets a flag.
             */
            holds: boolean | null;
            /** Facts */
            facts: {
                [key: string]: number | null;
            };
            /** Missing */
            missing: components["schemas"]["Missing"][];
            /** Next Change At */
            next_change_at: string | null;
            /** Evidence */
            evidence: string[];
        };
        /**
         * PersonRecord
         * @description What a person has agreed to, and what is restricted.
         */
        PersonRecord: {
            /**
             * Person Id
             * Format: uuid
             */
            person_id: string;
            /** Consents */
            consents: components["schemas"]["Consent"][];
            /** Restrictions */
            restrictions: components["schemas"]["Restriction"][];
        };
        /**
         * PlatformSla
         * @description How a platform's deliveries keep what was promised.
         */
        PlatformSla: {
            /** Platform */
            platform: string;
            /**
             * State
             * @enum {string}
             */
            state: "ok" | "warning" | "breached";
            /** Reasons */
            reasons: string[];
            /** Finished Count */
            finished_count: number;
            /** Delivered Count */
            delivered_count: number;
            /** Success Share */
            success_share: number | null;
            /** Latency P95 S */
            latency_p95_s: number | null;
            /** Retried Count */
            retried_count: number;
            /** Retry Success Share */
            retry_success_share: number | null;
            /** Consecutive Failures Count */
            consecutive_failures_count: number;
            /**
             * Missed Count
             * @description Slots that came due while nobody planned, reported and not sent.
             */
            missed_count: number;
            /**
             * No Data Count
             * @description Slots for which nothing was ever published.
             */
            no_data_count: number;
        };
        /** PlatformStats */
        PlatformStats: {
            /** Platform */
            platform: string;
            /** Deliveries Count */
            deliveries_count: number;
            /** Delivered Count */
            delivered_count: number;
            /** Failed Count */
            failed_count: number;
            /** Waiting Count */
            waiting_count: number;
            /** Awaiting Approval Count */
            awaiting_approval_count: number;
            /** Unknown Count */
            unknown_count: number;
            /** Corrections Count */
            corrections_count: number;
            /** Attempts Count */
            attempts_count: number;
        };
        /**
         * Preview
         * @description What would be sent, byte for byte. Approve it by its hash.
         */
        Preview: {
            /**
             * Preview Id
             * @description Of a schedule's preview; null for a delivery's.
             */
            preview_id: string | null;
            /** Delivery Id */
            delivery_id: string | null;
            /**
             * Schedule Id
             * Format: uuid
             */
            schedule_id: string;
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /** Platform */
            platform: string;
            /** Period */
            period: string;
            /** Status */
            status: string;
            /** Method */
            method: string;
            /** Url */
            url: string;
            /**
             * Headers
             * @description As they are sent; secrets and signatures are masked.
             */
            headers: {
                [key: string]: string;
            };
            /** Content Type */
            content_type: string;
            /**
             * Body
             * @description The frozen bytes as text. Of SOAP without its security header.
             */
            body: string;
            /** Payload Sha256 */
            payload_sha256: string;
            /** Data Version */
            data_version: number;
            /** Withheld */
            withheld: string[];
            /**
             * Is Expired
             * @description Figures were published anew since: it cannot be approved any more.
             */
            is_expired: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Compared With
             * @description The last delivery that the partner accepted.
             */
            compared_with: string | null;
            /** Changes */
            changes: components["schemas"]["Change"][];
        };
        /**
         * PrivacyRequest
         * @description A request, and how far it is.
         */
        PrivacyRequest: {
            /**
             * Request Id
             * Format: uuid
             */
            request_id: string;
            /**
             * Right
             * @enum {string}
             */
            right: "access" | "rectification" | "erasure" | "portability" | "restrict" | "object";
            /**
             * State
             * @enum {string}
             */
            state: "received" | "confirmed" | "held" | "running" | "completed" | "partial" | "failed" | "cancelled";
            /**
             * Step
             * @description The last one recorded.
             * @example grace_begun
             */
            step: string | null;
            /** Progress */
            progress: number;
            /**
             * Company Id
             * @description Null: about every company's data.
             */
            company_id: string | null;
            /**
             * Subject Id
             * @description The person; null once erased.
             */
            subject_id: string | null;
            /** Is Immediate */
            is_immediate: boolean;
            /**
             * Received At
             * Format: date-time
             */
            received_at: string;
            /**
             * Run After
             * Format: date-time
             * @description When the work may begin: for an erasure, the end of its grace.
             */
            run_after: string;
            /**
             * Due At
             * Format: date-time
             * @description A calendar month after it was received, or 72 h after its grace; three months where it was extended.
             */
            due_at: string;
            /**
             * Extended At
             * @description When two months were added, once.
             */
            extended_at: string | null;
            /**
             * Extension Reason
             * @description Why, as the person is told.
             */
            extension_reason: string | null;
            /**
             * Region
             * @description Where it is carried out, by the company's country; null: anywhere.
             */
            region: ("EU" | "US" | "UK" | "APAC" | "CA" | "LATAM") | null;
            /**
             * Priority
             * @description Place in the queue: 1, 5, 10 or 20; 1 goes first.
             * @enum {integer}
             */
            priority: 1 | 5 | 10 | 20;
            /** Is Overdue */
            is_overdue: boolean;
            /** Finished At */
            finished_at: string | null;
            /**
             * Error
             * @description What kind of failure, where somebody has to help.
             */
            error: string | null;
            /** Status Url */
            status_url: string;
            download: components["schemas"]["Download"] | null;
        };
        /** PrivacyRequestList */
        PrivacyRequestList: {
            /** Items */
            items: components["schemas"]["PrivacyRequest"][];
        };
        /** PrivacyRequestWithSteps */
        PrivacyRequestWithSteps: {
            /**
             * Request Id
             * Format: uuid
             */
            request_id: string;
            /**
             * Right
             * @enum {string}
             */
            right: "access" | "rectification" | "erasure" | "portability" | "restrict" | "object";
            /**
             * State
             * @enum {string}
             */
            state: "received" | "confirmed" | "held" | "running" | "completed" | "partial" | "failed" | "cancelled";
            /**
             * Step
             * @description The last one recorded.
             * @example grace_begun
             */
            step: string | null;
            /** Progress */
            progress: number;
            /**
             * Company Id
             * @description Null: about every company's data.
             */
            company_id: string | null;
            /**
             * Subject Id
             * @description The person; null once erased.
             */
            subject_id: string | null;
            /** Is Immediate */
            is_immediate: boolean;
            /**
             * Received At
             * Format: date-time
             */
            received_at: string;
            /**
             * Run After
             * Format: date-time
             * @description When the work may begin: for an erasure, the end of its grace.
             */
            run_after: string;
            /**
             * Due At
             * Format: date-time
             * @description A calendar month after it was received, or 72 h after its grace; three months where it was extended.
             */
            due_at: string;
            /**
             * Extended At
             * @description When two months were added, once.
             */
            extended_at: string | null;
            /**
             * Extension Reason
             * @description Why, as the person is told.
             */
            extension_reason: string | null;
            /**
             * Region
             * @description Where it is carried out, by the company's country; null: anywhere.
             */
            region: ("EU" | "US" | "UK" | "APAC" | "CA" | "LATAM") | null;
            /**
             * Priority
             * @description Place in the queue: 1, 5, 10 or 20; 1 goes first.
             * @enum {integer}
             */
            priority: 1 | 5 | 10 | 20;
            /** Is Overdue */
            is_overdue: boolean;
            /** Finished At */
            finished_at: string | null;
            /**
             * Error
             * @description What kind of failure, where somebody has to help.
             */
            error: string | null;
            /** Status Url */
            status_url: string;
            download: components["schemas"]["Download"] | null;
            /** Steps */
            steps: components["schemas"]["Step"][];
        };
        /**
         * ProblemKind
         * @description What a `type` in a problem document means.
         */
        ProblemKind: {
            /** Type */
            type: string;
            /** Title */
            title: string;
            /** Status */
            status: number;
            /** Advice */
            advice: string;
        };
        /**
         * Q2qFeed
         * @description Newest first. Quarters in which fewer than five people wrote are left out.
         */
        Q2qFeed: {
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /** Items */
            items: components["schemas"]["ScoredSnippet"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Queue */
        Queue: {
            /** Items */
            items: components["schemas"]["ReviewItem"][];
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null on the last.
             */
            next_cursor: string | null;
        };
        /** Readiness */
        Readiness: {
            /**
             * Status
             * @default ready
             * @constant
             */
            status?: "ready";
            /** Checks */
            checks: {
                [key: string]: "ok" | "unreachable" | "off";
            };
        };
        /**
         * RectifyOrder
         * @description What is right. Facts in events are put right at their source.
         * @example {
         *       "first_name": "Olha",
         *       "subject": {
         *         "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
         *       }
         *     }
         */
        RectifyOrder: {
            /** @description Left out by a participant or volunteer who asks for themselves. */
            subject?: components["schemas"]["SubjectReference"] | null;
            /**
             * Company Id
             * @description For administrators of the platform: only one company's data. Left out, all.
             */
            company_id?: string | null;
            /** First Name */
            first_name?: string | null;
            /** Last Name */
            last_name?: string | null;
            /**
             * Email
             * @description The right address.
             * @example new@example.org
             */
            email?: string | null;
            /**
             * Old Email
             * @description The one it takes the place of; without it, it is added.
             * @example old@example.org
             */
            old_email?: string | null;
        };
        /** ReplacementOrder */
        ReplacementOrder: {
            /**
             * Overlap S
             * @description Seconds the old key goes on beside the new one.
             * @default 0
             */
            overlap_s?: number;
        };
        /**
         * RestrictOrder
         * @example {
         *       "ground": "accuracy",
         *       "subject": {
         *         "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
         *       }
         *     }
         */
        RestrictOrder: {
            /** @description Left out by a participant or volunteer who asks for themselves. */
            subject?: components["schemas"]["SubjectReference"] | null;
            /**
             * Company Id
             * @description For administrators of the platform: only one company's data. Left out, all.
             */
            company_id?: string | null;
            /**
             * Ground
             * @description `objection` makes it a request under the right to object.
             * @default accuracy
             * @enum {string}
             */
            ground?: "accuracy" | "unlawful" | "legal_claim" | "objection";
        };
        /** Restriction */
        Restriction: {
            /**
             * Restriction Id
             * Format: uuid
             */
            restriction_id: string;
            /**
             * Company Id
             * @description Null: whichever company's data.
             */
            company_id: string | null;
            /**
             * Ground
             * @enum {string}
             */
            ground: "accuracy" | "unlawful" | "legal_claim" | "objection";
            /**
             * Request Id
             * Format: uuid
             */
            request_id: string;
            /**
             * Restricted At
             * Format: date-time
             */
            restricted_at: string;
            /** Lifted At */
            lifted_at: string | null;
            /**
             * Is Applied
             * @description The person's texts have been withdrawn from all readers.
             */
            is_applied: boolean;
        };
        /**
         * Retention
         * @description Who of a month's newcomers was active later, month by month.
         */
        Retention: {
            /**
             * Company Id
             * Format: uuid
             * @example 5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11
             */
            company_id: string;
            /**
             * Data Version
             * @description The publication in which a figure of the company last changed: the same on every route. Null before the first.
             * @example 17
             */
            data_version: number | null;
            /**
             * As Of
             * @description When that publication was made.
             * @example 2026-09-30T04:00:12Z
             */
            as_of: string | null;
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null on the last one.
             */
            next_cursor: string | null;
            /** Items */
            items: components["schemas"]["RetentionCell"][];
        };
        /** RetentionCell */
        RetentionCell: {
            /**
             * Program Type
             * @example language
             */
            program_type: string;
            /**
             * Cohort Month
             * Format: date
             * @description Month of the first enrolment.
             * @example 2026-03-01
             */
            cohort_month: string;
            /**
             * Months Since
             * @example 2
             */
            months_since: number;
            /** Cohort Size */
            cohort_size: number | null;
            /** Active Count */
            active_count: number | null;
            /**
             * Active Share
             * @description 0 to 1.
             */
            active_share: number | null;
            /**
             * Is Suppressed
             * @description The group is so small that its numbers might tell of one person or company.
             */
            is_suppressed: boolean;
            /**
             * Suppressed Reason
             * @description Why the numbers are withheld; null if they are not.
             */
            suppressed_reason: string | null;
        };
        /**
         * ReviewItem
         * @description A flagged text without its words.
         */
        ReviewItem: {
            /**
             * Item Id
             * Format: uuid
             * @description Also the flag's id in `safety.flag.raised`.
             */
            item_id: string;
            /**
             * Text Id
             * Format: uuid
             */
            text_id: string;
            /**
             * Text Type
             * @description `api_text`: a caller sent it for labelling and it was held; no event holds it.
             * @enum {string}
             */
            text_type: "kintell_feedback" | "buddy_feedback" | "checkin_note" | "api_text";
            /**
             * Company Id
             * @description Null: no company is known; the platform's administrators review it.
             */
            company_id: string | null;
            /**
             * Person Id
             * @description Whom the text is about, as a pseudonym.
             */
            person_id: string | null;
            /**
             * Written At
             * Format: date-time
             */
            written_at: string;
            /**
             * Language
             * @example uk
             */
            language: string;
            /**
             * Action
             * @enum {string}
             */
            action: "warn" | "hold" | "block" | "escalate";
            /**
             * Category
             * @description Of the gravest finding.
             * @example self_harm
             */
            category: string;
            /** Categories */
            categories: string[];
            /**
             * Rules
             * @description The rules that found something.
             */
            rules: string[];
            /**
             * Severity
             * @enum {string}
             */
            severity: "low" | "medium" | "high" | "critical";
            /** Confidence */
            confidence: number;
            /** Safety Version */
            safety_version: string;
            /**
             * Is Crisis
             * @description Somebody may be in danger; letting it pass takes two reviewers.
             */
            is_crisis: boolean;
            /**
             * State
             * @enum {string}
             */
            state: "pending" | "escalated" | "approved" | "rejected";
            /**
             * Version
             * @description Send it as `If-Match` with a decision.
             * @example 1
             */
            version: number;
            /**
             * Raised At
             * Format: date-time
             */
            raised_at: string;
            /**
             * Due At
             * Format: date-time
             */
            due_at: string;
            /** Is Overdue */
            is_overdue: boolean;
            /**
             * Is Superseded
             * @description A newer version of the text has taken its place.
             */
            is_superseded: boolean;
            /**
             * Assignee
             * @description Who has claimed it.
             * @example user:42
             */
            assignee: string | null;
            /** Lease Until */
            lease_until: string | null;
            /** Awaits Second Reviewer */
            awaits_second_reviewer: boolean;
            /** Decided At */
            decided_at: string | null;
            /**
             * Is Waiting
             * @description Decided, and the gate has not carried it out.
             */
            is_waiting: boolean;
            /**
             * Failed Tries
             * @description How often that failed since: an approved text that cannot be redacted stays back.
             */
            failed_tries: number;
        };
        /**
         * ReviewItemWithText
         * @description A flagged text as its reviewer sees it. Each answer is recorded.
         */
        ReviewItemWithText: {
            /**
             * Item Id
             * Format: uuid
             * @description Also the flag's id in `safety.flag.raised`.
             */
            item_id: string;
            /**
             * Text Id
             * Format: uuid
             */
            text_id: string;
            /**
             * Text Type
             * @description `api_text`: a caller sent it for labelling and it was held; no event holds it.
             * @enum {string}
             */
            text_type: "kintell_feedback" | "buddy_feedback" | "checkin_note" | "api_text";
            /**
             * Company Id
             * @description Null: no company is known; the platform's administrators review it.
             */
            company_id: string | null;
            /**
             * Person Id
             * @description Whom the text is about, as a pseudonym.
             */
            person_id: string | null;
            /**
             * Written At
             * Format: date-time
             */
            written_at: string;
            /**
             * Language
             * @example uk
             */
            language: string;
            /**
             * Action
             * @enum {string}
             */
            action: "warn" | "hold" | "block" | "escalate";
            /**
             * Category
             * @description Of the gravest finding.
             * @example self_harm
             */
            category: string;
            /** Categories */
            categories: string[];
            /**
             * Rules
             * @description The rules that found something.
             */
            rules: string[];
            /**
             * Severity
             * @enum {string}
             */
            severity: "low" | "medium" | "high" | "critical";
            /** Confidence */
            confidence: number;
            /** Safety Version */
            safety_version: string;
            /**
             * Is Crisis
             * @description Somebody may be in danger; letting it pass takes two reviewers.
             */
            is_crisis: boolean;
            /**
             * State
             * @enum {string}
             */
            state: "pending" | "escalated" | "approved" | "rejected";
            /**
             * Version
             * @description Send it as `If-Match` with a decision.
             * @example 1
             */
            version: number;
            /**
             * Raised At
             * Format: date-time
             */
            raised_at: string;
            /**
             * Due At
             * Format: date-time
             */
            due_at: string;
            /** Is Overdue */
            is_overdue: boolean;
            /**
             * Is Superseded
             * @description A newer version of the text has taken its place.
             */
            is_superseded: boolean;
            /**
             * Assignee
             * @description Who has claimed it.
             * @example user:42
             */
            assignee: string | null;
            /** Lease Until */
            lease_until: string | null;
            /** Awaits Second Reviewer */
            awaits_second_reviewer: boolean;
            /** Decided At */
            decided_at: string | null;
            /**
             * Is Waiting
             * @description Decided, and the gate has not carried it out.
             */
            is_waiting: boolean;
            /**
             * Failed Tries
             * @description How often that failed since: an approved text that cannot be redacted stays back.
             */
            failed_tries: number;
            /**
             * Text
             * @description The original; null when its event has been erased.
             */
            text: string | null;
            /** Findings */
            findings: components["schemas"]["ItemFinding"][];
            /** Decisions */
            decisions: components["schemas"]["PastDecision"][];
        };
        /**
         * ReviewOrder
         * @description A decision. Approved: models and reports may read the text. Rejected: they may not, or no longer.
         * @example {
         *       "decision": "rejected",
         *       "is_flag_right": true,
         *       "version": 1
         *     }
         */
        ReviewOrder: {
            /**
             * Decision
             * @enum {string}
             */
            decision: "approved" | "rejected" | "escalated";
            /**
             * Notes
             * @description For the next reviewer. Leave names out.
             */
            notes?: string | null;
            /**
             * Is Flag Right
             * @description Whether the rules were right to flag it: the label by which they are judged. Without it, a rejection says yes and an approval no, except for cries for help, where neither says anything.
             */
            is_flag_right?: boolean | null;
            /**
             * Version
             * @description The item's version, where `If-Match` cannot be sent.
             */
            version?: number | null;
        };
        /** RuleDetail */
        RuleDetail: {
            /**
             * Id
             * @example mentor_ready_001
             */
            id: string;
            /**
             * Hash
             * @description The version: another content is another hash.
             */
            hash: string;
            /** Name */
            name: string;
            /** Description */
            description: string;
            /** Owner */
            owner: string;
            /** State */
            state: string;
            /** Priority */
            priority: number;
            /** Flag */
            flag: string | null;
            /** Milestone */
            milestone: string | null;
            /**
             * Has Effect
             * @description For the caller's company: written and announced, not only computed.
             */
            has_effect: boolean;
            /**
             * Definition
             * @description Facts, conditions and effects, as the schema has them.
             */
            definition: {
                [key: string]: unknown;
            };
        };
        /** RuleList */
        RuleList: {
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /** Items */
            items: components["schemas"]["RulePrecision"][];
        };
        /** RulePrecision */
        RulePrecision: {
            /** Rule */
            rule: string;
            /** Language */
            language: string;
            /**
             * Decided Count
             * @description Items with a reviewer's label.
             */
            decided_count: number;
            /** Right Count */
            right_count: number;
            /** Precision */
            precision: number;
            /**
             * Is Questionable
             * @description Of at least 30 labels more than 30% are against it.
             */
            is_questionable: boolean;
        };
        /**
         * RuleSummary
         * @description A rule as its file has it.
         */
        RuleSummary: {
            /**
             * Id
             * @example mentor_ready_001
             */
            id: string;
            /**
             * Hash
             * @description The version: another content is another hash.
             */
            hash: string;
            /** Name */
            name: string;
            /** Description */
            description: string;
            /** Owner */
            owner: string;
            /** State */
            state: string;
            /** Priority */
            priority: number;
            /** Flag */
            flag: string | null;
            /** Milestone */
            milestone: string | null;
            /**
             * Has Effect
             * @description For the caller's company: written and announced, not only computed.
             */
            has_effect: boolean;
        };
        /**
         * RuleText
         * @description A rule file's text.
         * @example {
         *       "text": "id: three_sessions\nname: Three sessions\ndescription: Three sessions of any kind, ever.\nowner: programmes\nstate: draft\nfacts:\n  sessions: {count: kintell_sessions}\nwhen:\n  all:\n    - {fact: sessions, op: \">=\", value: 3}\nthen:\n  set_flag: {flag: mentor_ready}\n"
         *     }
         */
        RuleText: {
            /**
             * Text
             * @description YAML.
             */
            text: string;
        };
        /** Rules */
        Rules: {
            /** Items */
            items: components["schemas"]["RuleSummary"][];
        };
        /** Run */
        Run: {
            /**
             * Slot Id
             * Format: uuid
             */
            slot_id: string;
            /** Period */
            period: string;
        };
        /** RunOrder */
        RunOrder: {
            /**
             * Period
             * @description Without it, the one that closed last.
             * @example 2026-09
             */
            period?: string | null;
        };
        /** SafetyAnswer */
        SafetyAnswer: {
            /**
             * Action
             * @enum {string}
             */
            action: "allow" | "warn";
            /** Safety Version */
            safety_version: string;
            /** Redaction Version */
            redaction_version: string;
        };
        /** Schedule */
        Schedule: {
            /**
             * Schedule Id
             * Format: uuid
             */
            schedule_id: string;
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /** Platform */
            platform: string;
            /**
             * Cadence
             * @enum {string}
             */
            cadence: "monthly" | "quarterly" | "weekly" | "daily" | "cron";
            /** Cron */
            cron: string | null;
            /**
             * Grain
             * @enum {string}
             */
            grain: "month" | "quarter" | "week" | "day";
            /** Hour */
            hour: number;
            /** Time Zone */
            time_zone: string | null;
            /**
             * Missed
             * @enum {string}
             */
            missed: "latest" | "all" | "report";
            /** Requires Approval */
            requires_approval: boolean;
            /** Sends Corrections */
            sends_corrections: boolean;
            /** Is Active */
            is_active: boolean;
            /**
             * Version
             * @description Send it as `If-Match` with a change.
             */
            version: number;
            /**
             * Next Due At
             * Format: date-time
             */
            next_due_at: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
        };
        /**
         * ScheduleChange
         * @description Only what is named is changed.
         * @example {
         *       "cadence": "quarterly"
         *     }
         */
        ScheduleChange: {
            /** Cadence */
            cadence?: ("monthly" | "quarterly" | "weekly" | "daily" | "cron") | null;
            /** Cron */
            cron?: string | null;
            /** Grain */
            grain?: ("month" | "quarter" | "week" | "day") | null;
            /** Hour */
            hour?: number | null;
            /** Time Zone */
            time_zone?: string | null;
            /** Missed */
            missed?: ("latest" | "all" | "report") | null;
            /** Requires Approval */
            requires_approval?: boolean | null;
            /** Sends Corrections */
            sends_corrections?: boolean | null;
            /** Is Active */
            is_active?: boolean | null;
        };
        /** ScheduleList */
        ScheduleList: {
            /** Items */
            items: components["schemas"]["Schedule"][];
        };
        /**
         * ScheduleOrder
         * @description When a company's numbers go to a platform.
         * @example {
         *       "cadence": "monthly",
         *       "hour": 6,
         *       "platform": "benevity",
         *       "time_zone": "Europe/Oslo"
         *     }
         */
        ScheduleOrder: {
            /**
             * Platform
             * @example benevity
             */
            platform: string;
            /**
             * Cadence
             * @enum {string}
             */
            cadence: "monthly" | "quarterly" | "weekly" | "daily" | "cron";
            /**
             * Cron
             * @description Five fields; for cadence `cron` alone.
             */
            cron?: string | null;
            /**
             * Grain
             * @description The period that is reported; follows from the cadence, and is a month for `cron`.
             */
            grain?: ("month" | "quarter" | "week" | "day") | null;
            /**
             * Hour
             * @description Of the day, on the schedule's clock.
             * @default 0
             */
            hour?: number;
            /**
             * Time Zone
             * @description IANA name; without it, the company's.
             */
            time_zone?: string | null;
            /**
             * Missed
             * @description Of slots that came due while nobody planned: send the latest, all, or none.
             * @default latest
             * @enum {string}
             */
            missed?: "latest" | "all" | "report";
            /**
             * Requires Approval
             * @description Nothing leaves before somebody has seen its preview.
             * @default false
             */
            requires_approval?: boolean;
            /**
             * Sends Corrections
             * @default true
             */
            sends_corrections?: boolean;
            /**
             * Is Active
             * @default true
             */
            is_active?: boolean;
            /**
             * Company Id
             * @description For administrators of the platform.
             */
            company_id?: string | null;
        };
        /**
         * SchemaList
         * @description Where the contracts of the events are.
         */
        SchemaList: {
            /**
             * Asyncapi
             * @description All events in one AsyncAPI document.
             * @example /schemas/asyncapi.yaml
             */
            asyncapi: string;
            /**
             * Schemas
             * @description One JSON Schema per event type.
             * @example [
             *       "/schemas/kintell.session.completed.json"
             *     ]
             */
            schemas: string[];
        };
        /**
         * ScoredSnippet
         * @description One text's score on one dimension, and the words it rests on.
         */
        ScoredSnippet: {
            /**
             * Event Id
             * Format: uuid
             * @description The `q2q.scored` event; `raw.events` has it.
             */
            event_id: string;
            /**
             * Text Id
             * Format: uuid
             */
            text_id: string;
            /**
             * Dimension
             * @enum {string}
             */
            dimension: "confidence" | "belonging" | "lang_level_proxy" | "job_readiness" | "well_being";
            /**
             * Score
             * @description 0 is worst, 1 is best.
             * @example 0.8
             */
            score: number;
            /**
             * Confidence
             * @example 0.92
             */
            confidence: number;
            /**
             * Label
             * @description What the words were taken for.
             * @example confidence_increase
             */
            label: string;
            /**
             * Snippet
             * @description Redacted: placeholders stand for what names a person. Null from `expires_at` on.
             * @example I dare to speak at work now
             */
            snippet: string | null;
            /**
             * Source
             * @description `kintell_feedback`, `buddy_feedback` or `checkin_note`.
             */
            source: string;
            /**
             * Language
             * @example en
             */
            language: string;
            /**
             * Model Version
             * @example q2q-local-v4
             */
            model_version: string;
            /**
             * Text Sha256
             * @description Keyed hash of the text: what is left of it after `expires_at`.
             */
            text_sha256: string;
            /**
             * Written At
             * Format: date-time
             */
            written_at: string;
            /**
             * Expires At
             * Format: date-time
             * @description 90 days after it was written.
             */
            expires_at: string;
        };
        /** ScreenAnswer */
        ScreenAnswer: {
            /** Content Id */
            content_id: string;
            /**
             * Safe
             * @description The text would pass: its action is `allow` or `warn`.
             */
            safe: boolean;
            /**
             * Action
             * @enum {string}
             */
            action: "allow" | "warn" | "hold" | "block" | "escalate";
            /** Flags */
            flags: components["schemas"]["ScreenFlag"][];
            /** Requires Review */
            requires_review: boolean;
            /** Overall Confidence */
            overall_confidence: number;
            /** Language */
            language: string;
            /** Safety Version */
            safety_version: string;
        };
        /** ScreenFlag */
        ScreenFlag: {
            /**
             * Type
             * @description A category, or `pii`.
             * @example spam
             */
            type: string;
            /**
             * Reason
             * @description The rule, or the kind of personal data.
             */
            reason: string;
            /** Severity */
            severity: ("low" | "medium" | "high" | "critical") | null;
            /** Confidence */
            confidence: number;
            /** Start */
            start: number | null;
            /** End */
            end: number | null;
        };
        /**
         * ScreenOrder
         * @description A text to screen. It is not stored.
         * @example {
         *       "content_id": "m-17",
         *       "content_type": "message",
         *       "language": "en",
         *       "text": "See you on Monday!"
         *     }
         */
        ScreenOrder: {
            /**
             * Content Id
             * @description The caller's own; comes back.
             * @example m-17
             */
            content_id: string;
            /**
             * Content Type
             * @enum {string}
             */
            content_type: "feedback_text" | "checkin_note" | "message" | "other";
            /** Text */
            text: string;
            /**
             * Language
             * @description If it is known.
             */
            language?: ("en" | "uk" | "no") | null;
        };
        /** SecretKept */
        SecretKept: {
            /** Platform */
            platform: string;
            /** Name */
            name: string;
        };
        /**
         * SecretOrder
         * @example {
         *       "secret": "as the partner gave it"
         *     }
         */
        SecretOrder: {
            /** Secret */
            secret: string;
            /**
             * Company Id
             * @description For administrators of the platform.
             */
            company_id?: string | null;
        };
        /**
         * SlaException
         * @description One report that broke a promise, or is about to.
         */
        SlaException: {
            /**
             * At
             * Format: date-time
             * @description When it finished, or came due where it has not.
             */
            at: string;
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /** Platform */
            platform: string;
            /** Period */
            period: string;
            /**
             * Kind
             * @description Late took longer than promised, waiting does so still; missed and no_data were not sent.
             * @enum {string}
             */
            kind: "failed" | "late" | "waiting" | "missed" | "no_data";
            /** Delivery Id */
            delivery_id: string | null;
            /** Error Class */
            error_class: string | null;
            /** Latency S */
            latency_s: number | null;
        };
        /**
         * SlaMonth
         * @description The same of one month.
         */
        SlaMonth: {
            /** Platform */
            platform: string;
            /**
             * State
             * @enum {string}
             */
            state: "ok" | "warning" | "breached";
            /** Reasons */
            reasons: string[];
            /** Finished Count */
            finished_count: number;
            /** Delivered Count */
            delivered_count: number;
            /** Success Share */
            success_share: number | null;
            /** Latency P95 S */
            latency_p95_s: number | null;
            /** Retried Count */
            retried_count: number;
            /** Retry Success Share */
            retry_success_share: number | null;
            /** Consecutive Failures Count */
            consecutive_failures_count: number;
            /**
             * Missed Count
             * @description Slots that came due while nobody planned, reported and not sent.
             */
            missed_count: number;
            /**
             * No Data Count
             * @description Slots for which nothing was ever published.
             */
            no_data_count: number;
            /**
             * Month
             * @description In UTC: the one in which a delivery finished.
             * @example 2026-09
             */
            month: string;
        };
        /** SlaReport */
        SlaReport: {
            /** First Month */
            first_month: string;
            /** Last Month */
            last_month: string;
            /** Promise */
            promise: {
                [key: string]: number;
            };
            /**
             * Overall
             * @description Over all these months; failures in a row are the most there were.
             */
            overall: components["schemas"]["PlatformSla"][];
            /** Items */
            items: components["schemas"]["SlaMonth"][];
            /**
             * Exceptions
             * @description The oldest first, up to 500.
             */
            exceptions: components["schemas"]["SlaException"][];
            /** Exceptions Left Out */
            exceptions_left_out: number;
        };
        /** SlaStatus */
        SlaStatus: {
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /** Promise */
            promise: {
                [key: string]: number;
            };
            /** Items */
            items: components["schemas"]["PlatformSla"][];
        };
        /**
         * Sroi
         * @description The social return of a period; `results` is null if there is none for it.
         */
        Sroi: {
            /**
             * Company Id
             * Format: uuid
             * @example 5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11
             */
            company_id: string;
            /**
             * Data Version
             * @description The publication in which a figure of the company last changed: the same on every route. Null before the first.
             * @example 17
             */
            data_version: number | null;
            /**
             * As Of
             * @description When that publication was made.
             * @example 2026-09-30T04:00:12Z
             */
            as_of: string | null;
            /**
             * Period
             * @example 2026-Q3
             */
            period: string | null;
            /** Results */
            results: components["schemas"]["SroiResult"][] | null;
        };
        /**
         * SroiResult
         * @description One ratio with what it was computed from.
         */
        SroiResult: {
            /**
             * Variant
             * @description `employment_npv` is net: (value - cost) / cost. `outcome_value` is gross: value / cost.
             * @enum {string}
             */
            variant: "employment_npv" | "outcome_value";
            /**
             * Scenario
             * @description The sensitivity band around `base`.
             * @enum {string}
             */
            scenario: "low" | "base" | "high";
            /**
             * Ratio
             * @example 14.91
             */
            ratio: number | null;
            /**
             * Value
             * @example 1591093.89
             */
            value: number | null;
            /**
             * Cost
             * @example 100000
             */
            cost: number | null;
            /**
             * Currency
             * @example USD
             */
            currency: string;
            /** Unit */
            unit: string;
            /**
             * Formula Version
             * @description Version of the formula.
             * @example 1.0
             */
            formula_version: string;
            /**
             * Parameter Set
             * @description The parameters in force, by name.
             * @example standard
             */
            parameter_set: string;
            /**
             * Inputs
             * @description Everything the formula was given.
             * @example {
             *       "participants_employed": 25
             *     }
             */
            inputs: {
                [key: string]: unknown;
            };
            /**
             * Missing Reason
             * @description Why there is no ratio; null if there is one.
             */
            missing_reason: string | null;
        };
        /** Stats */
        Stats: {
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /** Items */
            items: components["schemas"]["PlatformStats"][];
        };
        /**
         * Step
         * @description One line of what happened.
         */
        Step: {
            /**
             * State
             * @enum {string}
             */
            state: "received" | "confirmed" | "held" | "running" | "completed" | "partial" | "failed" | "cancelled";
            /**
             * Step
             * @example read clickhouse:raw.events
             */
            step: string | null;
            /** Progress */
            progress: number;
            /**
             * Detail
             * @description Counts and ids of things.
             * @example {
             *       "rows": 12
             *     }
             */
            detail: {
                [key: string]: unknown;
            };
            /**
             * Recorded At
             * Format: date-time
             */
            recorded_at: string;
        };
        /** StoryStep */
        StoryStep: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** What */
            what: string;
        };
        /**
         * StreamSession
         * @description What the session's streams will carry.
         */
        StreamSession: {
            /**
             * Company Id
             * Format: uuid
             */
            company_id: string;
            /**
             * Topics
             * @description That the caller's role may see.
             */
            topics: string[];
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
        };
        /**
         * StreamStats
         * @description The live streams of this process: all of them for an administrator, one's own company otherwise.
         */
        StreamStats: {
            /**
             * Is Following
             * @description Whether this process reads the update log now.
             */
            is_following: boolean;
            /**
             * Epoch
             * @description Which update log: the first half of every event id.
             */
            epoch: string;
            /**
             * Position
             * @description Sequence of the latest update this process has read.
             */
            position: number;
            /**
             * Consumers
             * @description JetStream consumers that follow the log, whatever the connections.
             */
            consumers: number;
            /**
             * Reading Log
             * @description Streams of the process that are behind memory and read the log.
             */
            reading_log: number;
            /**
             * Rings
             * @description Rings of latest updates in memory: one per company and set of topics.
             */
            rings: number;
            /**
             * Connections
             * @description Open streams, of the companies below.
             */
            connections: number;
            /** Companies */
            companies: components["schemas"]["CompanyStreams"][];
        };
        /**
         * SubjectReference
         * @description A person, by the pseudonym in events or by the id a source knows them by.
         * @example {
         *       "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
         *     }
         */
        SubjectReference: {
            /**
             * Person Id
             * @description As in events: `personid`.
             */
            person_id?: string | null;
            /**
             * Provider
             * @example email
             */
            provider?: ("email" | "kintell" | "buddy" | "discord" | "upskilling") | null;
            /**
             * External Id
             * @description The person's id at the provider; for `email`, the address.
             */
            external_id?: string | null;
        };
        /**
         * Taxonomy
         * @description Everything that can be found in a text.
         */
        Taxonomy: {
            /** Languages */
            languages: ("en" | "uk" | "no")[];
            /** Dimensions */
            dimensions: components["schemas"]["DimensionItem"][];
            /** Changes */
            changes: ("confidence_increase" | "confidence_decrease" | "belonging_increase" | "belonging_decrease")[];
            /** Language Comfort */
            language_comfort: ("low" | "medium" | "high")[];
            /** Employability Signals */
            employability_signals: ("job_search" | "skills_gained" | "networking" | "resume_improvement" | "interview_prep" | "certification" | "portfolio_building" | "career_goal_setting")[];
            /** Risk Cues */
            risk_cues: ("isolation" | "frustration" | "disengagement" | "anxiety" | "dropout_indication" | "confusion" | "negative_self_talk" | "lack_of_support")[];
            /** Topics */
            topics: ("cv" | "interview" | "pm" | "dev" | "networking" | "mentorship")[];
        };
        /**
         * TextContext
         * @description Where the text comes from, in the caller's words. It comes back unchanged, like `user_id`.
         */
        TextContext: {
            /**
             * Type
             * @default other
             * @enum {string}
             */
            type?: "conversation" | "survey" | "assessment" | "other";
            /**
             * Id
             * @example q7
             */
            id?: string | null;
        };
        /**
         * TextToClassify
         * @description A text, and what is known of it. Everything but the text stays here.
         */
        TextToClassify: {
            /**
             * Text
             * @example My mentor helped me with my CV and now I dare to call employers.
             */
            text: string;
            /**
             * Language
             * @description The writer's known language. A longer text in another language is taken for what it is.
             */
            language?: ("en" | "uk" | "no") | null;
            /**
             * Provider
             * @description `auto`: Claude while key, model and budget allow it, else the local model.
             * @default auto
             * @enum {string}
             */
            provider?: "auto" | "local" | "anthropic";
            /**
             * @default {
             *       "type": "other"
             *     }
             */
            context?: components["schemas"]["TextContext"];
            /** User Id */
            user_id?: string | null;
        };
        /** TileFigure */
        TileFigure: {
            /**
             * Tile
             * @enum {string}
             */
            tile: "language" | "mentorship" | "upskilling" | "weei";
            /**
             * Period
             * @example 2026-Q3
             */
            period: string;
            /**
             * Period Start
             * Format: date
             */
            period_start: string;
            /**
             * Metric
             * @example attendance_share
             */
            metric: string;
            /** Value */
            value: number | null;
            /**
             * Numerator
             * @description Above the line, where the figure is a share.
             */
            numerator: number | null;
            /**
             * Denominator
             * @description Below the line, where the figure is a share.
             */
            denominator: number | null;
            /** Unit */
            unit: string;
        };
        /**
         * Tiles
         * @description Figures of the programme tiles, oldest first within each tile.
         */
        Tiles: {
            /**
             * Company Id
             * Format: uuid
             * @example 5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11
             */
            company_id: string;
            /**
             * Data Version
             * @description The publication in which a figure of the company last changed: the same on every route. Null before the first.
             * @example 17
             */
            data_version: number | null;
            /**
             * As Of
             * @description When that publication was made.
             * @example 2026-09-30T04:00:12Z
             */
            as_of: string | null;
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null on the last one.
             */
            next_cursor: string | null;
            /**
             * Grain
             * @enum {string}
             */
            grain: "month" | "quarter";
            /** Items */
            items: components["schemas"]["TileFigure"][];
        };
        /** Timeline */
        Timeline: {
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /** Items */
            items: components["schemas"]["TimelineDay"][];
        };
        /** TimelineDay */
        TimelineDay: {
            /**
             * Day
             * Format: date
             */
            day: string;
            /** Platform */
            platform: string;
            /** Delivered Count */
            delivered_count: number;
            /** Failed Count */
            failed_count: number;
            /**
             * Latency P95 S
             * @description From the time due to the partner's acceptance.
             */
            latency_p95_s: number | null;
        };
        /**
         * TopVolunteer
         * @description A volunteer by pseudonym: names stay where the company keeps them.
         */
        TopVolunteer: {
            /** Rank */
            rank: number;
            /**
             * Volunteer Id
             * Format: uuid
             */
            volunteer_id: string;
            /**
             * Vis Score
             * @description 0 to 100.
             * @example 57.5
             */
            vis_score: number | null;
            /**
             * Band
             * @example High Impact
             */
            band: string | null;
            /**
             * Missing Reason
             * @description Why there is no score; null if there is one.
             */
            missing_reason: string | null;
            /**
             * Hours
             * @example 50
             */
            hours: number;
            /** Sessions Count */
            sessions_count: number;
            /**
             * Sessions Per Month
             * @example 4
             */
            sessions_per_month: number;
            /**
             * Consistency Part
             * @example 75
             */
            consistency_part: number;
            /**
             * Impact
             * @description Mean outcome score of those the volunteer met.
             * @example 0.55
             */
            impact: number | null;
        };
        /**
         * Trend
         * @description One metric over time, oldest first and without gaps.
         */
        Trend: {
            /**
             * Company Id
             * Format: uuid
             * @example 5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11
             */
            company_id: string;
            /**
             * Data Version
             * @description The publication in which a figure of the company last changed: the same on every route. Null before the first.
             * @example 17
             */
            data_version: number | null;
            /**
             * As Of
             * @description When that publication was made.
             * @example 2026-09-30T04:00:12Z
             */
            as_of: string | null;
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null on the last one.
             */
            next_cursor: string | null;
            /** Metric */
            metric: string;
            /**
             * Granularity
             * @enum {string}
             */
            granularity: "day" | "week" | "month" | "quarter";
            /** Items */
            items: components["schemas"]["TrendPoint"][];
        };
        /** TrendPoint */
        TrendPoint: {
            /**
             * Period Start
             * Format: date
             * @example 2026-09-01
             */
            period_start: string;
            /**
             * Value
             * @description Zero for a count without events, null for a mean without data.
             */
            value: number | null;
            /** Value Sum */
            value_sum: number | null;
            /** Value Count */
            value_count: number | null;
            /**
             * Is Suppressed
             * @description The group is so small that its numbers might tell of one person or company.
             */
            is_suppressed: boolean;
            /**
             * Suppressed Reason
             * @description Why the numbers are withheld; null if they are not.
             */
            suppressed_reason: string | null;
        };
        /**
         * UnversionedPaths
         * @description Paths without `/v1` answer until the day of their sunset at least.
         */
        UnversionedPaths: {
            /**
             * Deprecated On
             * Format: date
             */
            deprecated_on: string;
            /**
             * Sunset On
             * Format: date
             */
            sunset_on: string;
        };
        /** UsageAnswer */
        UsageAnswer: {
            /** Input Tokens */
            input_tokens: number;
            /** Output Tokens */
            output_tokens: number;
            /**
             * Cost Usd
             * @description Over all attempts at this text.
             * @example 0.00014
             */
            cost_usd: number;
            /** Latency Ms */
            latency_ms: number;
        };
        /** Validation */
        Validation: {
            /** Is Valid */
            is_valid: boolean;
            /** Hash */
            hash: string | null;
            /** Problems */
            problems: components["schemas"]["FileProblem"][];
        };
        /**
         * Value
         * @description What it was worth, base scenario; the routes `/sroi` and `/vis` say how it was computed.
         */
        Value: {
            /**
             * Sroi Ratio
             * @description Net social return by cost: 1 means twice the cost came back.
             * @example 2.41
             */
            sroi_ratio: number | null;
            /**
             * Sroi Missing Reason
             * @description Why there is no ratio.
             * @example null
             */
            sroi_missing_reason: string | null;
            /**
             * Vis Score
             * @description Volunteer impact score, 0 to 100.
             * @example 49.25
             */
            vis_score: number | null;
            /**
             * Vis Band
             * @example Good
             */
            vis_band: string | null;
            /**
             * Vis Missing Reason
             * @description Why there is no score.
             * @example null
             */
            vis_missing_reason: string | null;
        };
        /** VersionBacktest */
        VersionBacktest: {
            /** Rule Hash */
            rule_hash: string;
            /** People Count */
            people_count: number;
            /** Ever Set Count */
            ever_set_count: number;
            /** Flip Count */
            flip_count: number;
            /**
             * Flap Rate
             * @description Of people ever flagged, the share flagged more than once.
             */
            flap_rate: number;
            /** Weeks */
            weeks: components["schemas"]["Week"][];
            /** By Language */
            by_language: components["schemas"]["GroupShare"][];
        };
        /** VersionDifference */
        VersionDifference: {
            /** Only First Count */
            only_first_count: number;
            /** Only Second Count */
            only_second_count: number;
            /** Both Count */
            both_count: number;
            /**
             * Examples
             * @description People whom one version flags at the end.
             */
            examples: string[];
        };
        /**
         * Vis
         * @description The score of a company with what it was computed from.
         */
        Vis: {
            /**
             * Vis
             * @description 0 to 100.
             * @example 49.25
             */
            vis: number | null;
            /**
             * Band
             * @example Good
             */
            band: string | null;
            /**
             * Hours
             * @example 150
             */
            hours: number;
            parts: components["schemas"]["VisParts"];
            /**
             * Weights
             * @example {
             *       "hours": 0.3,
             *       "outcome": 0.25,
             *       "placement": 0.15,
             *       "quality": 0.3
             *     }
             */
            weights: {
                [key: string]: number;
            };
            /**
             * Formula Version
             * @description Version of the formula.
             * @example 1.0
             */
            formula_version: string;
            /**
             * Parameter Set
             * @description The parameters in force, by name.
             * @example standard
             */
            parameter_set: string;
            /**
             * Inputs
             * @description Everything the formula was given.
             * @example {
             *       "participants_employed": 25
             *     }
             */
            inputs: {
                [key: string]: unknown;
            };
            /**
             * Missing Reason
             * @description Why there is no score; null if there is one.
             */
            missing_reason: string | null;
        };
        /**
         * VisParts
         * @description Points of each part, 0 to 100; null where there is nothing to compute it from.
         */
        VisParts: {
            /**
             * Hours
             * @example 15
             */
            hours: number | null;
            /**
             * Quality
             * @example 75
             */
            quality: number | null;
            /**
             * Outcome
             * @example 65
             */
            outcome: number | null;
            /**
             * Placement
             * @example 40
             */
            placement: number | null;
        };
        /** Week */
        Week: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Set Count */
            set_count: number;
            /** Begun Count */
            begun_count: number;
            /** Ended Count */
            ended_count: number;
        };
        /**
         * Window
         * @description A stretch in which a version served, serves or will serve.
         */
        Window: {
            /**
             * Serving From
             * Format: date-time
             */
            serving_from: string;
            /**
             * Serving Until
             * @description Null: until something takes its place.
             */
            serving_until: string | null;
            /**
             * Is Operators
             * @description Opened by an operator rather than by the file's schedule.
             */
            is_operators: boolean;
        };
        /**
         * FieldError
         * @description One parameter that was refused. The value that was sent is never repeated.
         */
        FieldError: {
            /**
             * Location
             * @example query.period
             */
            location: string;
            /**
             * Message
             * @example give a month such as 2026-09 or a quarter such as 2026-Q3
             */
            message: string;
        };
        /**
         * Problem
         * @description A problem detail (RFC 9457).
         */
        Problem: {
            /**
             * Type
             * @description Where this kind of problem is explained.
             * @example /problems/company-forbidden
             */
            type: string;
            /**
             * Title
             * @description The kind of problem; the same for each occurrence.
             */
            title: string;
            /**
             * Status
             * @description The HTTP status.
             * @example 403
             */
            status: number;
            /**
             * Detail
             * @description What was wrong this time, and what to do.
             */
            detail: string;
            /**
             * Instance
             * @description This occurrence; the same id as in `X-Request-ID` and in the log.
             */
            instance: string;
            /**
             * Errors
             * @description Each parameter that was refused (422 only).
             * @default null
             */
            errors?: components["schemas"]["FieldError"][] | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * ApiVersion
         * @description A dated version of the API; `/api-docs/versions` says what changed in each.
         * @enum {string}
         */
        ApiVersion: "2026-09-01" | "2026-11-27";
    };
    responses: never;
    parameters: {
        /** @description The version the client was written for; without it, the key's own or the newest. */
        ApiVersion: components["schemas"]["ApiVersion"];
    };
    requestBodies: never;
    headers: {
        /**
         * @description This request; also the `instance` of a problem, and in the server's log.
         * @example 6a1f0c52-3f0e-4b52-9a55-0c8f8f1f7a10
         */
        "X-Request-ID": string;
        /**
         * @description The version that was answered.
         * @example 2026-11-27
         */
        "X-API-Version": string;
        /**
         * @description Requests the caller has per minute.
         * @example 1000
         */
        "X-RateLimit-Limit": number;
        /**
         * @description Those that are left of this minute.
         * @example 999
         */
        "X-RateLimit-Remaining": number;
        /**
         * @description When the next minute begins, in unix seconds.
         * @example 1790000000
         */
        "X-RateLimit-Reset": number;
        /**
         * @description Seconds after which trying again may help.
         * @example 2
         */
        "Retry-After": number;
        /**
         * @description Send it as `If-None-Match`, and get 304 while nothing has changed.
         * @example "17-2c6f1b0a9d3e4f58"
         */
        ETag: string;
        /**
         * @description What is asked for.
         * @example Bearer realm="impact"
         */
        "WWW-Authenticate": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    reporting_getAtAGlance: {
        parameters: {
            query: {
                /** @description A month or a quarter, in UTC. */
                period: string;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "period": "2026-Q3",
                     *       "inputs": {
                     *         "total_volunteers": 42,
                     *         "total_hours": 318.5,
                     *         "total_sessions": 377,
                     *         "active_participants": 129
                     *       },
                     *       "outcomes": {
                     *         "integration_avg": 52.1,
                     *         "language_avg": 0.5,
                     *         "job_readiness_avg": 0.62,
                     *         "dimensions": {
                     *           "belonging": 0.64,
                     *           "confidence": 0.71
                     *         }
                     *       },
                     *       "value": {
                     *         "sroi_ratio": 2.41,
                     *         "sroi_missing_reason": null,
                     *         "vis_score": 49.25,
                     *         "vis_band": "Good",
                     *         "vis_missing_reason": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["AtAGlance"];
                };
            };
        };
    };
    reporting_getMetrics: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description The length of the periods. */
                grain?: "month" | "quarter";
                /** @description First period, included. */
                from?: string | null;
                /** @description Last period, included. */
                to?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "next_cursor": "text",
                     *       "grain": "month",
                     *       "items": [
                     *         {
                     *           "period": "2026-09",
                     *           "period_start": "2026-09-01",
                     *           "period_end": "2026-09-30",
                     *           "participants_count": 1,
                     *           "volunteers_count": 1,
                     *           "sessions_count": 1,
                     *           "language_sessions_count": 1,
                     *           "mentorship_sessions_count": 1,
                     *           "volunteer_hours": 0.5,
                     *           "ratings_count": 1,
                     *           "avg_rating": 0.5,
                     *           "enrollments_count": 1,
                     *           "buddy_matches_count": 1,
                     *           "courses_completed_count": 1,
                     *           "integration_score_sum": 0.5,
                     *           "integration_scores_count": 1,
                     *           "avg_integration_score": 0.5,
                     *           "language_level_sum": 0.5,
                     *           "avg_language_level": 0.5,
                     *           "job_readiness_sum": 0.5,
                     *           "job_readiness_count": 1,
                     *           "avg_job_readiness": 0.5,
                     *           "sroi_ratio": 0.5,
                     *           "sroi_outcome_ratio": 0.5,
                     *           "vis_score": 0.5,
                     *           "volunteering_hours": 0.5,
                     *           "donations_usd": 0.5,
                     *           "donations_count": 1,
                     *           "donations_without_usd_count": 1,
                     *           "placements_count": 1,
                     *           "rating_suppressed_reason": null,
                     *           "integration_suppressed_reason": null,
                     *           "job_readiness_suppressed_reason": "fewer_than_5_people"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CompanyMetrics"];
                };
            };
        };
    };
    reporting_getHistory: {
        parameters: {
            query: {
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Which figure of `/metrics`. */
                metric: "participants_count" | "volunteers_count" | "sessions_count" | "language_sessions_count" | "mentorship_sessions_count" | "volunteer_hours" | "ratings_count" | "avg_rating" | "enrollments_count" | "buddy_matches_count" | "courses_completed_count" | "avg_integration_score" | "integration_scores_count" | "avg_language_level" | "avg_job_readiness" | "job_readiness_count" | "sroi_ratio" | "sroi_outcome_ratio" | "vis_score" | "volunteering_hours" | "donations_usd" | "donations_count" | "placements_count";
                /** @description Months back from the latest one with activity. */
                months?: number;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "next_cursor": "text",
                     *       "metric": "participants_count",
                     *       "items": [
                     *         {
                     *           "period": "2026-09",
                     *           "period_start": "2026-09-01",
                     *           "value": 49.25
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["History"];
                };
            };
        };
    };
    reporting_getSROI: {
        parameters: {
            query?: {
                /** @description A month or a quarter, in UTC; without it, the latest quarter that has figures. */
                period?: string | null;
                /** @description One of the two formulas; without it, both. */
                variant?: ("employment_npv" | "outcome_value") | null;
                /** @description One of the three scenarios; without it, all. */
                scenario?: ("low" | "base" | "high") | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "period": "2026-Q3",
                     *       "results": [
                     *         {
                     *           "variant": "employment_npv",
                     *           "scenario": "low",
                     *           "ratio": 14.91,
                     *           "value": 1591093.89,
                     *           "cost": 100000,
                     *           "currency": "USD",
                     *           "unit": "text",
                     *           "formula_version": "1.0",
                     *           "parameter_set": "standard",
                     *           "inputs": {
                     *             "participants_employed": 25
                     *           },
                     *           "missing_reason": "text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Sroi"];
                };
            };
        };
    };
    reporting_getVIS: {
        parameters: {
            query?: {
                /** @description A month or a quarter, in UTC; without it, the latest quarter that has figures. */
                period?: string | null;
                /** @description How many volunteers, best first. */
                top?: number;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "period": "2026-Q3",
                     *       "aggregate": {
                     *         "vis": 49.25,
                     *         "band": "Good",
                     *         "hours": 150,
                     *         "parts": {
                     *           "hours": 15,
                     *           "quality": 75,
                     *           "outcome": 65,
                     *           "placement": 40
                     *         },
                     *         "weights": {
                     *           "hours": 0.3,
                     *           "outcome": 0.25,
                     *           "placement": 0.15,
                     *           "quality": 0.3
                     *         },
                     *         "formula_version": "1.0",
                     *         "parameter_set": "standard",
                     *         "inputs": {
                     *           "participants_employed": 25
                     *         },
                     *         "missing_reason": "text"
                     *       },
                     *       "top_volunteers": [
                     *         {
                     *           "rank": 1,
                     *           "volunteer_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "vis_score": 57.5,
                     *           "band": "High Impact",
                     *           "missing_reason": "text",
                     *           "hours": 50,
                     *           "sessions_count": 1,
                     *           "sessions_per_month": 4,
                     *           "consistency_part": 75,
                     *           "impact": 0.55
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CompanyVis"];
                };
            };
        };
    };
    reporting_getOutcomes: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description The length of the periods. */
                grain?: "month" | "quarter";
                /** @description First period, included. */
                from?: string | null;
                /** @description Last period, included. */
                to?: string | null;
                /** @description Some dimensions, with commas between; without it, all. */
                dimensions?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "next_cursor": "text",
                     *       "grain": "month",
                     *       "items": [
                     *         {
                     *           "period": "2026-Q3",
                     *           "period_start": "2026-09-30",
                     *           "dimension": "confidence",
                     *           "avg_score": 0.71,
                     *           "score_sum": 0.5,
                     *           "scores_count": 1,
                     *           "confidence_avg": 0.5,
                     *           "confidence_sum": 0.5,
                     *           "people_count": 1,
                     *           "suppressed_reason": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["OutcomeSeries"];
                };
            };
        };
    };
    reporting_getTiles: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description The length of the periods. */
                grain?: "month" | "quarter";
                /** @description First period, included. */
                from?: string | null;
                /** @description Last period, included. */
                to?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "next_cursor": "text",
                     *       "grain": "month",
                     *       "items": [
                     *         {
                     *           "tile": "language",
                     *           "period": "2026-Q3",
                     *           "period_start": "2026-09-30",
                     *           "metric": "attendance_share",
                     *           "value": 0.5,
                     *           "numerator": 0.5,
                     *           "denominator": 0.5,
                     *           "unit": "text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Tiles"];
                };
            };
        };
    };
    reporting_getTile: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description The length of the periods. */
                grain?: "month" | "quarter";
                /** @description First period, included. */
                from?: string | null;
                /** @description Last period, included. */
                to?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The programme. */
                tile: "language" | "mentorship" | "upskilling" | "weei";
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "next_cursor": "text",
                     *       "grain": "month",
                     *       "items": [
                     *         {
                     *           "tile": "language",
                     *           "period": "2026-Q3",
                     *           "period_start": "2026-09-30",
                     *           "metric": "attendance_share",
                     *           "value": 0.5,
                     *           "numerator": 0.5,
                     *           "denominator": 0.5,
                     *           "unit": "text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Tiles"];
                };
            };
        };
    };
    reporting_getGoals: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description The length of the periods. */
                grain?: "month" | "quarter";
                /** @description First period, included. */
                from?: string | null;
                /** @description Last period, included. */
                to?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "next_cursor": "text",
                     *       "grain": "month",
                     *       "items": [
                     *         {
                     *           "period": "2026-Q3",
                     *           "period_start": "2026-09-30",
                     *           "sdg_goal": 8,
                     *           "activities_count": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Goals"];
                };
            };
        };
    };
    reporting_getTrends: {
        parameters: {
            query: {
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description The metric. */
                metric: string;
                /** @description The length of the periods. */
                granularity?: "day" | "week" | "month" | "quarter";
                /** @description First day, included. */
                from?: string | null;
                /** @description Last day, included. */
                to?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "next_cursor": "text",
                     *       "metric": "text",
                     *       "granularity": "day",
                     *       "items": [
                     *         {
                     *           "period_start": "2026-09-01",
                     *           "value": 0.5,
                     *           "value_sum": 0.5,
                     *           "value_count": 1,
                     *           "is_suppressed": true,
                     *           "suppressed_reason": "text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Trend"];
                };
            };
        };
    };
    reporting_listCohorts: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "next_cursor": "text",
                     *       "items": [
                     *         {
                     *           "cohort_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "name": "text",
                     *           "filters": {
                     *             "min_sessions": 4,
                     *             "program_type": "mentorship"
                     *           },
                     *           "created_at": "2026-09-30T04:00:12Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Cohorts"];
                };
            };
        };
    };
    reporting_compareCohorts: {
        parameters: {
            query: {
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description The length of the periods. */
                grain?: "month" | "quarter";
                /** @description First period, included. */
                from?: string | null;
                /** @description Last period, included. */
                to?: string | null;
                /** @description 1 to 20 cohorts, with commas between. */
                cohort_ids: string;
                /** @description The metric. */
                metric: string;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "next_cursor": "text",
                     *       "metric": "text",
                     *       "grain": "month",
                     *       "items": [
                     *         {
                     *           "metric": "text",
                     *           "period": "2026-Q3",
                     *           "period_start": "2026-09-30",
                     *           "value_sum": 0.5,
                     *           "n": 1,
                     *           "avg": 0.5,
                     *           "p25": 0.5,
                     *           "p50": 0.5,
                     *           "p75": 0.5,
                     *           "p95": 0.5,
                     *           "min": 0.5,
                     *           "max": 0.5,
                     *           "std": 0.5,
                     *           "is_suppressed": true,
                     *           "suppressed_reason": "text",
                     *           "cohort_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CohortComparison"];
                };
            };
        };
    };
    reporting_getCohortMetrics: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description The length of the periods. */
                grain?: "month" | "quarter";
                /** @description First period, included. */
                from?: string | null;
                /** @description Last period, included. */
                to?: string | null;
                /** @description One metric; without it, all. */
                metric?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description One of `/cohorts`. */
                cohort_id: string;
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "next_cursor": "text",
                     *       "cohort_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "grain": "month",
                     *       "items": [
                     *         {
                     *           "metric": "text",
                     *           "period": "2026-Q3",
                     *           "period_start": "2026-09-30",
                     *           "value_sum": 0.5,
                     *           "n": 1,
                     *           "avg": 0.5,
                     *           "p25": 0.5,
                     *           "p50": 0.5,
                     *           "p75": 0.5,
                     *           "p95": 0.5,
                     *           "min": 0.5,
                     *           "max": 0.5,
                     *           "std": 0.5,
                     *           "is_suppressed": true,
                     *           "suppressed_reason": "text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CohortMetrics"];
                };
            };
        };
    };
    reporting_getRetention: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description One programme; without it, all. */
                program_type?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "next_cursor": "text",
                     *       "items": [
                     *         {
                     *           "program_type": "language",
                     *           "cohort_month": "2026-03-01",
                     *           "months_since": 2,
                     *           "cohort_size": 1,
                     *           "active_count": 1,
                     *           "active_share": 0.5,
                     *           "is_suppressed": true,
                     *           "suppressed_reason": "text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Retention"];
                };
            };
        };
    };
    reporting_getFunnels: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description One programme; without it, all. */
                program_type?: string | null;
                /** @description Quarter of the enrolment. */
                quarter?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "next_cursor": "text",
                     *       "items": [
                     *         {
                     *           "program_type": "mentorship",
                     *           "cohort_quarter": "2026-Q2",
                     *           "stage": "enrolled",
                     *           "stage_order": 1,
                     *           "people_count": 1,
                     *           "conversion_from_start": 0.5,
                     *           "conversion_from_previous": 0.5,
                     *           "is_suppressed": true,
                     *           "suppressed_reason": "text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Funnels"];
                };
            };
        };
    };
    reporting_getBenchmarks: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description With whom; a group too small is widened, and `widened_from` says so. */
                compare_with?: "industry" | "region" | "size" | "all";
                /** @description One metric; without it, all. */
                metric?: string | null;
                /** @description One quarter; without it, all. */
                period?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "next_cursor": "text",
                     *       "items": [
                     *         {
                     *           "metric": "text",
                     *           "period": "2026-Q2",
                     *           "compare_with": "industry",
                     *           "peer_group_kind": "text",
                     *           "peer_group": "technology",
                     *           "widened_from": "text",
                     *           "own_value": 0.5,
                     *           "p25": 0.5,
                     *           "p50": 0.5,
                     *           "p75": 0.5,
                     *           "p90": 0.5,
                     *           "peers_count": 12,
                     *           "people_count": 1,
                     *           "standing": "p50_to_p75",
                     *           "is_suppressed": true,
                     *           "suppressed_reason": "text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Benchmarks"];
                };
            };
        };
    };
    reporting_exportCSRD: {
        parameters: {
            query?: {
                /** @description How to write it. */
                format?: "csv" | "json" | "parquet";
                /** @description The length of the periods. */
                grain?: "month" | "quarter";
                /** @description First period, included. */
                from?: string | null;
                /** @description Last period, included. */
                to?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The data points. A CSV or Parquet file has them as rows, with the version in each. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "data_version": 17,
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "grain": "month",
                     *       "items": [
                     *         {
                     *           "datapoint": "volunteering_hours",
                     *           "disclosure": "S3-4",
                     *           "title": "Volunteering hours logged in CSR suites",
                     *           "period": "2026-Q3",
                     *           "unit": "hours",
                     *           "amount": 318.5,
                     *           "missing_reason": "text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CsrdExport"];
                    "text/csv": string;
                    "application/vnd.apache.parquet": string;
                };
            };
        };
    };
    reporting_getEvidence: {
        parameters: {
            query?: {
                /** @description First day, included. */
                from?: string;
                /** @description Last day, included. */
                to?: string;
                /** @description Events per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Required of an administrator; otherwise one's own or none. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description A figure of `/metrics`, a dimension as `outcome.confidence`, or one of a tile as `mentorship.attendance`. */
                metric_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "metric": "sessions_count",
                     *       "items": [
                     *         {
                     *           "event_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "event_type": "kintell.session.completed",
                     *           "occurred_at": "2026-09-30T04:00:12Z",
                     *           "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "snippet": "text"
                     *         }
                     *       ],
                     *       "next_cursor": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["Evidence"];
                };
            };
        };
    };
    q2q_classify: {
        parameters: {
            query?: {
                /** @description Required of an administrator; otherwise one's own or none. */
                companyId?: string | null;
            };
            header?: {
                /** @description Your own id of the request. Repeated within a day, it is answered as the first time. */
                "idempotency-key"?: string | null;
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "text": "My mentor helped me with my CV and now I dare to call employers.",
                 *       "language": "en",
                 *       "provider": "auto",
                 *       "context": {
                 *         "type": "conversation",
                 *         "id": "q7"
                 *       },
                 *       "user_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                 *     }
                 */
                "application/json": components["schemas"]["TextToClassify"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "text_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "user_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "context": {
                     *         "type": "conversation",
                     *         "id": "q7"
                     *       },
                     *       "language": "en",
                     *       "redacted_text": "text",
                     *       "labels": {
                     *         "confidence_increase": true,
                     *         "confidence_decrease": true,
                     *         "belonging_increase": true,
                     *         "belonging_decrease": true,
                     *         "language_comfort": "low",
                     *         "employability_signals": [
                     *           "job_search"
                     *         ],
                     *         "risk_cues": [
                     *           "isolation"
                     *         ],
                     *         "topics": [
                     *           "cv"
                     *         ]
                     *       },
                     *       "scores": {
                     *         "confidence": 0.8
                     *       },
                     *       "certainty": {
                     *         "cv": 0.95
                     *       },
                     *       "evidence": [
                     *         {
                     *           "label": "resume_improvement",
                     *           "snippet": "helped me with my CV",
                     *           "start": 10,
                     *           "end": 30,
                     *           "reason": "text"
                     *         }
                     *       ],
                     *       "model": {
                     *         "provider": "local",
                     *         "model_version": "q2q-local-v4",
                     *         "prompt_version": "v3.0",
                     *         "prompt_sha256": "text",
                     *         "fallback_reason": "budget"
                     *       },
                     *       "usage": {
                     *         "input_tokens": 1,
                     *         "output_tokens": 1,
                     *         "cost_usd": 0.00014,
                     *         "latency_ms": 0.5
                     *       },
                     *       "safety": {
                     *         "action": "allow",
                     *         "safety_version": "text",
                     *         "redaction_version": "text"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ClassifiedText"];
                };
            };
        };
    };
    q2q_getTaxonomy: {
        parameters: {
            query?: {
                /** @description Required of an administrator; otherwise one's own or none. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "languages": [
                     *         "en"
                     *       ],
                     *       "dimensions": [
                     *         {
                     *           "dimension": "confidence",
                     *           "labels": [
                     *             "text"
                     *           ],
                     *           "score": "text"
                     *         }
                     *       ],
                     *       "changes": [
                     *         "confidence_increase"
                     *       ],
                     *       "language_comfort": [
                     *         "low"
                     *       ],
                     *       "employability_signals": [
                     *         "job_search"
                     *       ],
                     *       "risk_cues": [
                     *         "isolation"
                     *       ],
                     *       "topics": [
                     *         "cv"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Taxonomy"];
                };
            };
        };
    };
    ai_getBudget: {
        parameters: {
            query?: {
                /** @description Required of an administrator; otherwise one's own or none. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "month": "2026-11",
                     *       "currency": "USD",
                     *       "cap_usd": 12.34,
                     *       "spent_usd": 12.34,
                     *       "reserved_usd": 0.0021,
                     *       "remaining_usd": 12.34,
                     *       "used_share": 0.41,
                     *       "reached_thresholds": [
                     *         80,
                     *         90
                     *       ],
                     *       "mode": "direct",
                     *       "refused_count": 0,
                     *       "resets_at": "2026-09-30T04:00:12Z"
                     *     }
                     */
                    "application/json": components["schemas"]["BudgetAnswer"];
                };
            };
        };
    };
    ai_getCosts: {
        parameters: {
            query?: {
                /** @description First day (UTC); that of the month. */
                from?: string | null;
                /** @description Last day, included; today. */
                to?: string | null;
                /** @description Required of an administrator; otherwise one's own or none. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "currency": "USD",
                     *       "first_day": "2026-09-30",
                     *       "last_day": "2026-09-30",
                     *       "total_usd": 12.34,
                     *       "items": [
                     *         {
                     *           "day": "2026-09-30",
                     *           "provider": "anthropic",
                     *           "model": "claude-haiku-5-5",
                     *           "model_version": "q2q-claude-v1",
                     *           "purpose": "q2q_scoring",
                     *           "calls_count": 1,
                     *           "failed_calls_count": 1,
                     *           "input_tokens": 1,
                     *           "output_tokens": 1,
                     *           "cost_usd": 12.34
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Costs"];
                };
            };
        };
    };
    reporting_getQ2QFeed: {
        parameters: {
            query?: {
                /** @description One dimension; without it, all. */
                dimension?: ("confidence" | "belonging" | "lang_level_proxy" | "job_readiness" | "well_being") | null;
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The company of the credential, unless an administrator asks. */
                company_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "items": [
                     *         {
                     *           "event_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "text_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "dimension": "confidence",
                     *           "score": 0.8,
                     *           "confidence": 0.92,
                     *           "label": "confidence_increase",
                     *           "snippet": "I dare to speak at work now",
                     *           "source": "text",
                     *           "language": "en",
                     *           "model_version": "q2q-local-v4",
                     *           "text_sha256": "text",
                     *           "written_at": "2026-09-30T04:00:12Z",
                     *           "expires_at": "2026-09-30T04:00:12Z"
                     *         }
                     *       ],
                     *       "next_cursor": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["Q2qFeed"];
                };
            };
        };
    };
    q2q_listModels: {
        parameters: {
            query?: {
                /** @description Which version was, is or will be in force then. */
                at?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "items": [
                     *         {
                     *           "model_id": "q2q-local-v4",
                     *           "provider": "local",
                     *           "purpose": "q2q",
                     *           "definition": {},
                     *           "content_sha256": "text",
                     *           "effective_from": "2026-09-30T04:00:12Z",
                     *           "description": "text",
                     *           "is_shadow": true,
                     *           "is_listed": true,
                     *           "is_serving": true,
                     *           "serving": {
                     *             "serving_from": "2026-09-30T04:00:12Z",
                     *             "serving_until": "2026-09-30T04:00:12Z",
                     *             "is_operators": true
                     *           },
                     *           "deactivated_at": "2026-09-30T04:00:12Z",
                     *           "first_used_at": "2026-09-30T04:00:12Z",
                     *           "evaluation_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "evaluated_at": "2026-09-30T04:00:12Z",
                     *           "has_passed": true,
                     *           "failures": [
                     *             "text"
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ModelVersions"];
                };
            };
        };
    };
    q2q_getModel: {
        parameters: {
            query?: {
                /** @description Which version was, is or will be in force then. */
                at?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model_id": "q2q-local-v4",
                     *       "provider": "local",
                     *       "purpose": "q2q",
                     *       "definition": {},
                     *       "content_sha256": "text",
                     *       "effective_from": "2026-09-30T04:00:12Z",
                     *       "description": "text",
                     *       "is_shadow": true,
                     *       "is_listed": true,
                     *       "is_serving": true,
                     *       "serving": {
                     *         "serving_from": "2026-09-30T04:00:12Z",
                     *         "serving_until": "2026-09-30T04:00:12Z",
                     *         "is_operators": true
                     *       },
                     *       "deactivated_at": "2026-09-30T04:00:12Z",
                     *       "first_used_at": "2026-09-30T04:00:12Z",
                     *       "evaluation_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "evaluated_at": "2026-09-30T04:00:12Z",
                     *       "has_passed": true,
                     *       "failures": [
                     *         "text"
                     *       ],
                     *       "windows": [
                     *         {
                     *           "serving_from": "2026-09-30T04:00:12Z",
                     *           "serving_until": "2026-09-30T04:00:12Z",
                     *           "is_operators": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ModelHistory"];
                };
            };
        };
    };
    q2q_activateModel: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "at": "2026-09-30T04:00:12Z"
                 *     }
                 */
                "application/json": components["schemas"]["Activation"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model_id": "q2q-local-v4",
                     *       "provider": "local",
                     *       "purpose": "q2q",
                     *       "definition": {},
                     *       "content_sha256": "text",
                     *       "effective_from": "2026-09-30T04:00:12Z",
                     *       "description": "text",
                     *       "is_shadow": true,
                     *       "is_listed": true,
                     *       "is_serving": true,
                     *       "serving": {
                     *         "serving_from": "2026-09-30T04:00:12Z",
                     *         "serving_until": "2026-09-30T04:00:12Z",
                     *         "is_operators": true
                     *       },
                     *       "deactivated_at": "2026-09-30T04:00:12Z",
                     *       "first_used_at": "2026-09-30T04:00:12Z",
                     *       "evaluation_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "evaluated_at": "2026-09-30T04:00:12Z",
                     *       "has_passed": true,
                     *       "failures": [
                     *         "text"
                     *       ],
                     *       "windows": [
                     *         {
                     *           "serving_from": "2026-09-30T04:00:12Z",
                     *           "serving_until": "2026-09-30T04:00:12Z",
                     *           "is_operators": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ModelHistory"];
                };
            };
        };
    };
    q2q_deactivateModel: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model_id": "q2q-local-v4",
                     *       "provider": "local",
                     *       "purpose": "q2q",
                     *       "definition": {},
                     *       "content_sha256": "text",
                     *       "effective_from": "2026-09-30T04:00:12Z",
                     *       "description": "text",
                     *       "is_shadow": true,
                     *       "is_listed": true,
                     *       "is_serving": true,
                     *       "serving": {
                     *         "serving_from": "2026-09-30T04:00:12Z",
                     *         "serving_until": "2026-09-30T04:00:12Z",
                     *         "is_operators": true
                     *       },
                     *       "deactivated_at": "2026-09-30T04:00:12Z",
                     *       "first_used_at": "2026-09-30T04:00:12Z",
                     *       "evaluation_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "evaluated_at": "2026-09-30T04:00:12Z",
                     *       "has_passed": true,
                     *       "failures": [
                     *         "text"
                     *       ],
                     *       "windows": [
                     *         {
                     *           "serving_from": "2026-09-30T04:00:12Z",
                     *           "serving_until": "2026-09-30T04:00:12Z",
                     *           "is_operators": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ModelHistory"];
                };
            };
        };
    };
    q2q_getEval: {
        parameters: {
            query?: {
                /** @description Of one version only. */
                model_id?: string | null;
                limit?: number;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "evaluation_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "model_id": "text",
                     *           "content_sha256": "text",
                     *           "set_version": "proof_v3",
                     *           "set_sha256": "text",
                     *           "split": "text",
                     *           "evaluated_at": "2026-09-30T04:00:12Z",
                     *           "has_passed": true,
                     *           "failures": [
                     *             "text"
                     *           ],
                     *           "figures": {}
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Evaluations"];
                };
            };
        };
    };
    q2q_getDrift: {
        parameters: {
            query?: {
                /** @description Of one version only. */
                model_id?: string | null;
                grain?: ("daily" | "weekly") | null;
                /** @description `all` is over all languages. */
                language?: string | null;
                verdict?: ("insufficient" | "ok" | "monitor" | "shifted" | "alert") | null;
                /** @description Windows that begin then or later. */
                since?: string | null;
                limit?: number;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "model_id": "text",
                     *           "grain": "daily",
                     *           "window_from": "2026-09-30T04:00:12Z",
                     *           "window_until": "2026-09-30T04:00:12Z",
                     *           "series": "confidence_increase",
                     *           "language": "uk",
                     *           "baseline_count": 1,
                     *           "window_count": 1,
                     *           "psi": 0.5,
                     *           "psi_noise": 0.5,
                     *           "js_divergence": 0.5,
                     *           "js_distance": 0.5,
                     *           "p_value": 0.5,
                     *           "q_value": 0.5,
                     *           "verdict": "insufficient",
                     *           "severity": "none",
                     *           "checked_at": "2026-09-30T04:00:12Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DriftResults"];
                };
            };
        };
    };
    stream_updates: {
        parameters: {
            query?: {
                /** @description Required of an administrator; otherwise one's own or none. */
                companyId?: string | null;
                /** @description Like the header, for clients that cannot set it. */
                lastEventId?: string | null;
                /** @description Comma-separated; without it, all that the role may see: metrics, journey, deliveries, safety, privacy, reports, scores */
                topics?: string | null;
                /** @description A client that has missed more than is in memory gets, of each figure, only the newest value, after an event `conflated` that says so. */
                conflate?: boolean;
            };
            header?: {
                /** @description The last `id` the client has; wins over the query. */
                "Last-Event-ID"?: string | null;
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events until the stream's lifetime is over; then the client resumes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example retry: 2000
                     *
                     *     id: 19ab3c5d7e0-4711
                     *     event: metric.updated
                     *     data: {"type":"metric.updated","companyId":"…","time":"…","data":{"metric":"sessions_count",…}}
                     */
                    "text/event-stream": string;
                };
            };
        };
    };
    stream_beginSession: {
        parameters: {
            query?: {
                /** @description Required of an administrator; otherwise one's own or none. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "topics": [
                     *         "text"
                     *       ],
                     *       "expires_at": "2026-09-30T04:00:12Z"
                     *     }
                     */
                    "application/json": components["schemas"]["StreamSession"];
                };
            };
        };
    };
    stream_getStats: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "is_following": true,
                     *       "epoch": "text",
                     *       "position": 1,
                     *       "consumers": 1,
                     *       "reading_log": 1,
                     *       "rings": 1,
                     *       "connections": 1,
                     *       "companies": [
                     *         {
                     *           "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "connections": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["StreamStats"];
                };
            };
        };
    };
    safety_listQueue: {
        parameters: {
            query?: {
                /** @description Without it, those to decide: pending and escalated. */
                state?: ("pending" | "escalated" | "approved" | "rejected")[] | null;
                severity?: ("low" | "medium" | "high" | "critical") | null;
                category?: string | null;
                language?: string | null;
                /** @description Only those the caller has claimed. */
                mine?: boolean;
                /** @description Only those nobody has claimed. */
                free?: boolean;
                /** @description Only those past the time they were due. */
                overdue?: boolean;
                /** @description For administrators of the platform. */
                companyId?: string | null;
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "item_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "text_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "text_type": "kintell_feedback",
                     *           "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "written_at": "2026-09-30T04:00:12Z",
                     *           "language": "uk",
                     *           "action": "warn",
                     *           "category": "self_harm",
                     *           "categories": [
                     *             "text"
                     *           ],
                     *           "rules": [
                     *             "text"
                     *           ],
                     *           "severity": "low",
                     *           "confidence": 0.5,
                     *           "safety_version": "text",
                     *           "is_crisis": true,
                     *           "state": "pending",
                     *           "version": 1,
                     *           "raised_at": "2026-09-30T04:00:12Z",
                     *           "due_at": "2026-09-30T04:00:12Z",
                     *           "is_overdue": true,
                     *           "is_superseded": true,
                     *           "assignee": "user:42",
                     *           "lease_until": "2026-09-30T04:00:12Z",
                     *           "awaits_second_reviewer": true,
                     *           "decided_at": "2026-09-30T04:00:12Z",
                     *           "is_waiting": true,
                     *           "failed_tries": 1
                     *         }
                     *       ],
                     *       "next_cursor": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["Queue"];
                };
            };
        };
    };
    safety_getItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "item_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "text_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "text_type": "kintell_feedback",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "written_at": "2026-09-30T04:00:12Z",
                     *       "language": "uk",
                     *       "action": "warn",
                     *       "category": "self_harm",
                     *       "categories": [
                     *         "text"
                     *       ],
                     *       "rules": [
                     *         "text"
                     *       ],
                     *       "severity": "low",
                     *       "confidence": 0.5,
                     *       "safety_version": "text",
                     *       "is_crisis": true,
                     *       "state": "pending",
                     *       "version": 1,
                     *       "raised_at": "2026-09-30T04:00:12Z",
                     *       "due_at": "2026-09-30T04:00:12Z",
                     *       "is_overdue": true,
                     *       "is_superseded": true,
                     *       "assignee": "user:42",
                     *       "lease_until": "2026-09-30T04:00:12Z",
                     *       "awaits_second_reviewer": true,
                     *       "decided_at": "2026-09-30T04:00:12Z",
                     *       "is_waiting": true,
                     *       "failed_tries": 1,
                     *       "text": "text",
                     *       "findings": [
                     *         {
                     *           "category": "text",
                     *           "severity": "text",
                     *           "rule": "text",
                     *           "start": 1,
                     *           "end": 1,
                     *           "confidence": 0.5
                     *         }
                     *       ],
                     *       "decisions": [
                     *         {
                     *           "review_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "reviewer": "text",
                     *           "decision": "approved",
                     *           "is_final": true,
                     *           "is_flag_right": true,
                     *           "notes": "text",
                     *           "decided_at": "2026-09-30T04:00:12Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ReviewItemWithText"];
                };
            };
        };
    };
    safety_claimItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "minutes": 15
                 *     }
                 */
                "application/json": components["schemas"]["ClaimOrder"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "item_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "text_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "text_type": "kintell_feedback",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "written_at": "2026-09-30T04:00:12Z",
                     *       "language": "uk",
                     *       "action": "warn",
                     *       "category": "self_harm",
                     *       "categories": [
                     *         "text"
                     *       ],
                     *       "rules": [
                     *         "text"
                     *       ],
                     *       "severity": "low",
                     *       "confidence": 0.5,
                     *       "safety_version": "text",
                     *       "is_crisis": true,
                     *       "state": "pending",
                     *       "version": 1,
                     *       "raised_at": "2026-09-30T04:00:12Z",
                     *       "due_at": "2026-09-30T04:00:12Z",
                     *       "is_overdue": true,
                     *       "is_superseded": true,
                     *       "assignee": "user:42",
                     *       "lease_until": "2026-09-30T04:00:12Z",
                     *       "awaits_second_reviewer": true,
                     *       "decided_at": "2026-09-30T04:00:12Z",
                     *       "is_waiting": true,
                     *       "failed_tries": 1
                     *     }
                     */
                    "application/json": components["schemas"]["ReviewItem"];
                };
            };
        };
    };
    safety_unclaimItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "item_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "text_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "text_type": "kintell_feedback",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "written_at": "2026-09-30T04:00:12Z",
                     *       "language": "uk",
                     *       "action": "warn",
                     *       "category": "self_harm",
                     *       "categories": [
                     *         "text"
                     *       ],
                     *       "rules": [
                     *         "text"
                     *       ],
                     *       "severity": "low",
                     *       "confidence": 0.5,
                     *       "safety_version": "text",
                     *       "is_crisis": true,
                     *       "state": "pending",
                     *       "version": 1,
                     *       "raised_at": "2026-09-30T04:00:12Z",
                     *       "due_at": "2026-09-30T04:00:12Z",
                     *       "is_overdue": true,
                     *       "is_superseded": true,
                     *       "assignee": "user:42",
                     *       "lease_until": "2026-09-30T04:00:12Z",
                     *       "awaits_second_reviewer": true,
                     *       "decided_at": "2026-09-30T04:00:12Z",
                     *       "is_waiting": true,
                     *       "failed_tries": 1
                     *     }
                     */
                    "application/json": components["schemas"]["ReviewItem"];
                };
            };
        };
    };
    safety_reviewItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description The item's version, e.g. `"1"`. */
                "if-match"?: string | null;
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "decision": "rejected",
                 *       "is_flag_right": true,
                 *       "version": 1
                 *     }
                 */
                "application/json": components["schemas"]["ReviewOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "item_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "text_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "text_type": "kintell_feedback",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "written_at": "2026-09-30T04:00:12Z",
                     *       "language": "uk",
                     *       "action": "warn",
                     *       "category": "self_harm",
                     *       "categories": [
                     *         "text"
                     *       ],
                     *       "rules": [
                     *         "text"
                     *       ],
                     *       "severity": "low",
                     *       "confidence": 0.5,
                     *       "safety_version": "text",
                     *       "is_crisis": true,
                     *       "state": "pending",
                     *       "version": 1,
                     *       "raised_at": "2026-09-30T04:00:12Z",
                     *       "due_at": "2026-09-30T04:00:12Z",
                     *       "is_overdue": true,
                     *       "is_superseded": true,
                     *       "assignee": "user:42",
                     *       "lease_until": "2026-09-30T04:00:12Z",
                     *       "awaits_second_reviewer": true,
                     *       "decided_at": "2026-09-30T04:00:12Z",
                     *       "is_waiting": true,
                     *       "failed_tries": 1
                     *     }
                     */
                    "application/json": components["schemas"]["ReviewItem"];
                };
            };
        };
    };
    safety_listRules: {
        parameters: {
            query?: {
                /** @description Labels from then on; without it, all. */
                since?: string | null;
                /** @description For administrators of the platform. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "since": "2026-09-30T04:00:12Z",
                     *       "items": [
                     *         {
                     *           "rule": "text",
                     *           "language": "text",
                     *           "decided_count": 1,
                     *           "right_count": 1,
                     *           "precision": 0.5,
                     *           "is_questionable": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RuleList"];
                };
            };
        };
    };
    safety_screen: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "content_id": "m-17",
                 *       "content_type": "message",
                 *       "language": "en",
                 *       "text": "See you on Monday!"
                 *     }
                 */
                "application/json": components["schemas"]["ScreenOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "content_id": "text",
                     *       "safe": true,
                     *       "action": "allow",
                     *       "flags": [
                     *         {
                     *           "type": "spam",
                     *           "reason": "text",
                     *           "severity": "low",
                     *           "confidence": 0.5,
                     *           "start": 1,
                     *           "end": 1
                     *         }
                     *       ],
                     *       "requires_review": true,
                     *       "overall_confidence": 0.5,
                     *       "language": "text",
                     *       "safety_version": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["ScreenAnswer"];
                };
            };
        };
    };
    journey_getFlags: {
        parameters: {
            query?: {
                /** @description For administrators of the platform. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The participant's pseudonym, as in events. */
                participant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "participant_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "evaluated_through": "2026-09-30T04:00:12Z",
                     *       "flags": [
                     *         {
                     *           "flag": "mentor_ready",
                     *           "is_set": true,
                     *           "value": null,
                     *           "since": "2026-09-30T04:00:12Z",
                     *           "expires_at": "2026-09-30T04:00:12Z",
                     *           "rule_id": "text",
                     *           "rule_hash": "text",
                     *           "changed_at": "2026-09-30T04:00:12Z",
                     *           "why": [
                     *             {
                     *               "rule_id": "text",
                     *               "rule_hash": "text",
                     *               "name": "text",
                     *               "holds": true,
                     *               "facts": {},
                     *               "missing": [
                     *                 {
                     *                   "fact": "language_sessions",
                     *                   "operator": ">=",
                     *                   "needed": 0.5,
                     *                   "actual": 0.5,
                     *                   "distance": "1 more language sessions"
                     *                 }
                     *               ],
                     *               "next_change_at": "2026-09-30T04:00:12Z",
                     *               "evidence": [
                     *                 {
                     *                   "event_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *                   "event_type": "text",
                     *                   "occurred_at": "2026-09-30T04:00:12Z"
                     *                 }
                     *               ]
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ParticipantFlags"];
                };
            };
        };
    };
    journey_getHistory: {
        parameters: {
            query?: {
                /** @description What held at that time, one row per rule; without it, all rows, newest first. */
                as_of?: string | null;
                /** @description As it was known at that time; without it, as it is known now. */
                known_at?: string | null;
                /** @description For administrators of the platform. */
                companyId?: string | null;
                limit?: number;
                /** @description Rules on trial too, of which nobody was told. */
                trials?: boolean;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The participant's pseudonym, as in events. */
                participant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "participant_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "known_at": "2026-09-30T04:00:12Z",
                     *       "items": [
                     *         {
                     *           "rule_id": "text",
                     *           "rule_hash": "text",
                     *           "flag": "text",
                     *           "milestone": "text",
                     *           "value": true,
                     *           "valid_from": "2026-09-30T04:00:12Z",
                     *           "recorded_at": "2026-09-30T04:00:12Z",
                     *           "superseded_at": "2026-09-30T04:00:12Z",
                     *           "cause": "event",
                     *           "is_in_force": true,
                     *           "facts": {},
                     *           "missing": [
                     *             {
                     *               "fact": "language_sessions",
                     *               "operator": ">=",
                     *               "needed": 0.5,
                     *               "actual": 0.5,
                     *               "distance": "1 more language sessions"
                     *             }
                     *           ],
                     *           "evidence": [
                     *             "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["FlagHistory"];
                };
            };
        };
    };
    journey_evaluate: {
        parameters: {
            query?: {
                /** @description For administrators of the platform. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The participant's pseudonym, as in events. */
                participant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "participant_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "evaluated_through": "2026-09-30T04:00:12Z",
                     *       "flags_url": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["EvaluationOrder"];
                };
            };
        };
    };
    journey_listMilestones: {
        parameters: {
            query?: {
                /** @description For administrators of the platform. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The participant's pseudonym, as in events. */
                participant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "participant_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "items": [
                     *         {
                     *           "milestone": "buddy_matched",
                     *           "is_reached": true,
                     *           "reached_at": "2026-09-30T04:00:12Z",
                     *           "rule_id": "text",
                     *           "rule_hash": "text",
                     *           "recorded_at": "2026-09-30T04:00:12Z",
                     *           "recorded_by": "text",
                     *           "reason": "text",
                     *           "withdrawn_at": "2026-09-30T04:00:12Z",
                     *           "evidence": [
                     *             "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                     *           ],
                     *           "why": [
                     *             {
                     *               "rule_id": "text",
                     *               "rule_hash": "text",
                     *               "name": "text",
                     *               "holds": true,
                     *               "facts": {},
                     *               "missing": [
                     *                 {
                     *                   "fact": "language_sessions",
                     *                   "operator": ">=",
                     *                   "needed": 0.5,
                     *                   "actual": 0.5,
                     *                   "distance": "1 more language sessions"
                     *                 }
                     *               ],
                     *               "next_change_at": "2026-09-30T04:00:12Z",
                     *               "evidence": [
                     *                 {
                     *                   "event_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *                   "event_type": "text",
                     *                   "occurred_at": "2026-09-30T04:00:12Z"
                     *                 }
                     *               ]
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Milestones"];
                };
            };
        };
    };
    journey_getMilestone: {
        parameters: {
            query?: {
                /** @description For administrators of the platform. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The participant's pseudonym, as in events. */
                participant_id: string;
                milestone: "buddy_matched" | "first_language_session" | "language_level_up" | "first_mentorship_session" | "course_enrolled" | "course_completed" | "credential_earned" | "job_ready" | "mentor_ready";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "milestone": "buddy_matched",
                     *       "is_reached": true,
                     *       "reached_at": "2026-09-30T04:00:12Z",
                     *       "rule_id": "text",
                     *       "rule_hash": "text",
                     *       "recorded_at": "2026-09-30T04:00:12Z",
                     *       "recorded_by": "text",
                     *       "reason": "text",
                     *       "withdrawn_at": "2026-09-30T04:00:12Z",
                     *       "evidence": [
                     *         "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                     *       ],
                     *       "why": [
                     *         {
                     *           "rule_id": "text",
                     *           "rule_hash": "text",
                     *           "name": "text",
                     *           "holds": true,
                     *           "facts": {},
                     *           "missing": [
                     *             {
                     *               "fact": "language_sessions",
                     *               "operator": ">=",
                     *               "needed": 0.5,
                     *               "actual": 0.5,
                     *               "distance": "1 more language sessions"
                     *             }
                     *           ],
                     *           "next_change_at": "2026-09-30T04:00:12Z",
                     *           "evidence": [
                     *             {
                     *               "event_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *               "event_type": "text",
                     *               "occurred_at": "2026-09-30T04:00:12Z"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ParticipantMilestone"];
                };
            };
        };
    };
    journey_triggerMilestone: {
        parameters: {
            query?: {
                /** @description For administrators of the platform. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The participant's pseudonym, as in events. */
                participant_id: string;
                milestone: "buddy_matched" | "first_language_session" | "language_level_up" | "first_mentorship_session" | "course_enrolled" | "course_completed" | "credential_earned" | "job_ready" | "mentor_ready";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reached_at": "2026-09-30T04:00:12Z",
                 *       "reason": "The employer told us."
                 *     }
                 */
                "application/json": components["schemas"]["MilestoneOrder"];
            };
        };
        responses: {
            /** @description It was reached before, and stays as it was. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "milestone": "buddy_matched",
                     *       "is_reached": true,
                     *       "reached_at": "2026-09-30T04:00:12Z",
                     *       "rule_id": "text",
                     *       "rule_hash": "text",
                     *       "recorded_at": "2026-09-30T04:00:12Z",
                     *       "recorded_by": "text",
                     *       "reason": "text",
                     *       "withdrawn_at": "2026-09-30T04:00:12Z",
                     *       "evidence": [
                     *         "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                     *       ],
                     *       "why": [
                     *         {
                     *           "rule_id": "text",
                     *           "rule_hash": "text",
                     *           "name": "text",
                     *           "holds": true,
                     *           "facts": {},
                     *           "missing": [
                     *             {
                     *               "fact": "language_sessions",
                     *               "operator": ">=",
                     *               "needed": 0.5,
                     *               "actual": 0.5,
                     *               "distance": "1 more language sessions"
                     *             }
                     *           ],
                     *           "next_change_at": "2026-09-30T04:00:12Z",
                     *           "evidence": [
                     *             {
                     *               "event_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *               "event_type": "text",
                     *               "occurred_at": "2026-09-30T04:00:12Z"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ParticipantMilestone"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "milestone": "buddy_matched",
                     *       "is_reached": true,
                     *       "reached_at": "2026-09-30T04:00:12Z",
                     *       "rule_id": "text",
                     *       "rule_hash": "text",
                     *       "recorded_at": "2026-09-30T04:00:12Z",
                     *       "recorded_by": "text",
                     *       "reason": "text",
                     *       "withdrawn_at": "2026-09-30T04:00:12Z",
                     *       "evidence": [
                     *         "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                     *       ],
                     *       "why": [
                     *         {
                     *           "rule_id": "text",
                     *           "rule_hash": "text",
                     *           "name": "text",
                     *           "holds": true,
                     *           "facts": {},
                     *           "missing": [
                     *             {
                     *               "fact": "language_sessions",
                     *               "operator": ">=",
                     *               "needed": 0.5,
                     *               "actual": 0.5,
                     *               "distance": "1 more language sessions"
                     *             }
                     *           ],
                     *           "next_change_at": "2026-09-30T04:00:12Z",
                     *           "evidence": [
                     *             {
                     *               "event_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *               "event_type": "text",
                     *               "occurred_at": "2026-09-30T04:00:12Z"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ParticipantMilestone"];
                };
            };
        };
    };
    impactIn_listDeliveries: {
        parameters: {
            query?: {
                platform?: string | null;
                /** @description One or several; without it, all. */
                status?: ("awaiting_approval" | "due" | "sending" | "retrying" | "delivered" | "failed")[] | null;
                period?: string | null;
                /** @description Made then or later. */
                from?: string | null;
                /** @description Made before then. */
                to?: string | null;
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description For administrators of the platform. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "delivery_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "schedule_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "platform": "benevity",
                     *           "connector": "workday_soap",
                     *           "period": "2026-09",
                     *           "period_start": "2026-09-30",
                     *           "period_end": "2026-09-30",
                     *           "revision": 1,
                     *           "corrects": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "status": "awaiting_approval",
                     *           "is_unknown": true,
                     *           "mapping_version": "text",
                     *           "data_version": 1,
                     *           "payload_sha256": "text",
                     *           "idempotency_key": "text",
                     *           "withheld": [
                     *             "text"
                     *           ],
                     *           "due_at": "2026-09-30T04:00:12Z",
                     *           "next_attempt_at": "2026-09-30T04:00:12Z",
                     *           "failure_count": 1,
                     *           "attempt_count": 1,
                     *           "http_status": 1,
                     *           "error_class": "text",
                     *           "error": "text",
                     *           "provider_reference": "text",
                     *           "partner_state": "received",
                     *           "partner_state_at": "2026-09-30T04:00:12Z",
                     *           "approved_by": "text",
                     *           "replayed_by": "text",
                     *           "created_at": "2026-09-30T04:00:12Z",
                     *           "finished_at": "2026-09-30T04:00:12Z"
                     *         }
                     *       ],
                     *       "next_cursor": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
        };
    };
    impactIn_getDeliveryStats: {
        parameters: {
            query?: {
                /** @description Without it, the last 30 days. */
                from?: string | null;
                /** @description For administrators of the platform. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "since": "2026-09-30T04:00:12Z",
                     *       "items": [
                     *         {
                     *           "platform": "text",
                     *           "deliveries_count": 1,
                     *           "delivered_count": 1,
                     *           "failed_count": 1,
                     *           "waiting_count": 1,
                     *           "awaiting_approval_count": 1,
                     *           "unknown_count": 1,
                     *           "corrections_count": 1,
                     *           "attempts_count": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Stats"];
                };
            };
        };
    };
    impactIn_replayDeliveries: {
        parameters: {
            query?: {
                /** @description For administrators of the platform. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "delivery_ids": [
                 *         "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["BulkReplayOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "replayed": [
                     *         "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                     *       ],
                     *       "refused": {}
                     *     }
                     */
                    "application/json": components["schemas"]["BulkReplay"];
                };
            };
        };
    };
    impactIn_getDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivery_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "schedule_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "platform": "benevity",
                     *       "connector": "workday_soap",
                     *       "period": "2026-09",
                     *       "period_start": "2026-09-30",
                     *       "period_end": "2026-09-30",
                     *       "revision": 1,
                     *       "corrects": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "status": "awaiting_approval",
                     *       "is_unknown": true,
                     *       "mapping_version": "text",
                     *       "data_version": 1,
                     *       "payload_sha256": "text",
                     *       "idempotency_key": "text",
                     *       "withheld": [
                     *         "text"
                     *       ],
                     *       "due_at": "2026-09-30T04:00:12Z",
                     *       "next_attempt_at": "2026-09-30T04:00:12Z",
                     *       "failure_count": 1,
                     *       "attempt_count": 1,
                     *       "http_status": 1,
                     *       "error_class": "text",
                     *       "error": "text",
                     *       "provider_reference": "text",
                     *       "partner_state": "received",
                     *       "partner_state_at": "2026-09-30T04:00:12Z",
                     *       "approved_by": "text",
                     *       "replayed_by": "text",
                     *       "created_at": "2026-09-30T04:00:12Z",
                     *       "finished_at": "2026-09-30T04:00:12Z",
                     *       "attempts": [
                     *         {
                     *           "attempt_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "number": 1,
                     *           "kind": "send",
                     *           "started_at": "2026-09-30T04:00:12Z",
                     *           "finished_at": "2026-09-30T04:00:12Z",
                     *           "payload_sha256": "text",
                     *           "http_status": 1,
                     *           "latency_ms": 0.5,
                     *           "error_class": "text",
                     *           "error": "text",
                     *           "decision": "accepted",
                     *           "provider_reference": "text"
                     *         }
                     *       ],
                     *       "callbacks": [
                     *         {
                     *           "event_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "provider_event": "data.processed",
                     *           "outcome": "received",
                     *           "error_code": "text",
                     *           "occurred_at": "2026-09-30T04:00:12Z",
                     *           "received_at": "2026-09-30T04:00:12Z"
                     *         }
                     *       ],
                     *       "changes": [
                     *         {
                     *           "path": "metrics[volunteer_hours].metricValue",
                     *           "before": null,
                     *           "after": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryWithAttempts"];
                };
            };
        };
    };
    impactIn_getPayload: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, as they were sent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
        };
    };
    impactIn_getTimeline: {
        parameters: {
            query?: {
                /** @description Without it, the last 30 days. */
                from?: string | null;
                platform?: string | null;
                /** @description For administrators of the platform. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "since": "2026-09-30T04:00:12Z",
                     *       "items": [
                     *         {
                     *           "day": "2026-09-30",
                     *           "platform": "text",
                     *           "delivered_count": 1,
                     *           "failed_count": 1,
                     *           "latency_p95_s": 0.5
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Timeline"];
                };
            };
        };
    };
    impactIn_getSlaStatus: {
        parameters: {
            query?: {
                /** @description Without it, the last 30 days. */
                from?: string | null;
                /** @description For administrators of the platform. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "since": "2026-09-30T04:00:12Z",
                     *       "promise": {},
                     *       "items": [
                     *         {
                     *           "platform": "text",
                     *           "state": "ok",
                     *           "reasons": [
                     *             "text"
                     *           ],
                     *           "finished_count": 1,
                     *           "delivered_count": 1,
                     *           "success_share": 0.5,
                     *           "latency_p95_s": 0.5,
                     *           "retried_count": 1,
                     *           "retry_success_share": 0.5,
                     *           "consecutive_failures_count": 1,
                     *           "missed_count": 1,
                     *           "no_data_count": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SlaStatus"];
                };
            };
        };
    };
    impactIn_previewScheduled: {
        parameters: {
            query?: {
                /** @description Of a schedule; else what closed last. */
                period?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                scheduled_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "preview_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "delivery_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "schedule_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "platform": "text",
                     *       "period": "text",
                     *       "status": "text",
                     *       "method": "text",
                     *       "url": "text",
                     *       "headers": {},
                     *       "content_type": "text",
                     *       "body": "text",
                     *       "payload_sha256": "text",
                     *       "data_version": 1,
                     *       "withheld": [
                     *         "text"
                     *       ],
                     *       "is_expired": true,
                     *       "created_at": "2026-09-30T04:00:12Z",
                     *       "compared_with": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "changes": [
                     *         {
                     *           "path": "metrics[volunteer_hours].metricValue",
                     *           "before": null,
                     *           "after": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Preview"];
                };
            };
        };
    };
    impactIn_approveScheduled: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                scheduled_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "payload_sha256": "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f",
                 *       "preview_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                 *     }
                 */
                "application/json": components["schemas"]["ApprovalOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivery_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "status": "due"
                     *     }
                     */
                    "application/json": components["schemas"]["Approval"];
                };
            };
        };
    };
    impactIn_replayScheduled: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                scheduled_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivery_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "schedule_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "platform": "benevity",
                     *       "connector": "workday_soap",
                     *       "period": "2026-09",
                     *       "period_start": "2026-09-30",
                     *       "period_end": "2026-09-30",
                     *       "revision": 1,
                     *       "corrects": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "status": "awaiting_approval",
                     *       "is_unknown": true,
                     *       "mapping_version": "text",
                     *       "data_version": 1,
                     *       "payload_sha256": "text",
                     *       "idempotency_key": "text",
                     *       "withheld": [
                     *         "text"
                     *       ],
                     *       "due_at": "2026-09-30T04:00:12Z",
                     *       "next_attempt_at": "2026-09-30T04:00:12Z",
                     *       "failure_count": 1,
                     *       "attempt_count": 1,
                     *       "http_status": 1,
                     *       "error_class": "text",
                     *       "error": "text",
                     *       "provider_reference": "text",
                     *       "partner_state": "received",
                     *       "partner_state_at": "2026-09-30T04:00:12Z",
                     *       "approved_by": "text",
                     *       "replayed_by": "text",
                     *       "created_at": "2026-09-30T04:00:12Z",
                     *       "finished_at": "2026-09-30T04:00:12Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Delivery"];
                };
            };
        };
    };
    impactIn_getSlaReport: {
        parameters: {
            query?: {
                /** @description First month; without it, three to the last. */
                from?: string | null;
                /** @description Last month; without it, the one that runs. */
                to?: string | null;
                platform?: string | null;
                /** @description For administrators of the platform. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "first_month": "text",
                     *       "last_month": "text",
                     *       "promise": {},
                     *       "overall": [
                     *         {
                     *           "platform": "text",
                     *           "state": "ok",
                     *           "reasons": [
                     *             "text"
                     *           ],
                     *           "finished_count": 1,
                     *           "delivered_count": 1,
                     *           "success_share": 0.5,
                     *           "latency_p95_s": 0.5,
                     *           "retried_count": 1,
                     *           "retry_success_share": 0.5,
                     *           "consecutive_failures_count": 1,
                     *           "missed_count": 1,
                     *           "no_data_count": 1
                     *         }
                     *       ],
                     *       "items": [
                     *         {
                     *           "platform": "text",
                     *           "state": "ok",
                     *           "reasons": [
                     *             "text"
                     *           ],
                     *           "finished_count": 1,
                     *           "delivered_count": 1,
                     *           "success_share": 0.5,
                     *           "latency_p95_s": 0.5,
                     *           "retried_count": 1,
                     *           "retry_success_share": 0.5,
                     *           "consecutive_failures_count": 1,
                     *           "missed_count": 1,
                     *           "no_data_count": 1,
                     *           "month": "2026-09"
                     *         }
                     *       ],
                     *       "exceptions": [
                     *         {
                     *           "at": "2026-09-30T04:00:12Z",
                     *           "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "platform": "text",
                     *           "period": "text",
                     *           "kind": "failed",
                     *           "delivery_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "error_class": "text",
                     *           "latency_s": 0.5
                     *         }
                     *       ],
                     *       "exceptions_left_out": 1
                     *     }
                     */
                    "application/json": components["schemas"]["SlaReport"];
                };
            };
        };
    };
    impactIn_listSchedules: {
        parameters: {
            query?: {
                /** @description For administrators of the platform. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "schedule_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "platform": "text",
                     *           "cadence": "monthly",
                     *           "cron": "text",
                     *           "grain": "month",
                     *           "hour": 1,
                     *           "time_zone": "text",
                     *           "missed": "latest",
                     *           "requires_approval": true,
                     *           "sends_corrections": true,
                     *           "is_active": true,
                     *           "version": 1,
                     *           "next_due_at": "2026-09-30T04:00:12Z",
                     *           "created_at": "2026-09-30T04:00:12Z",
                     *           "created_by": "text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ScheduleList"];
                };
            };
        };
    };
    impactIn_addSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "cadence": "monthly",
                 *       "hour": 6,
                 *       "platform": "benevity",
                 *       "time_zone": "Europe/Oslo"
                 *     }
                 */
                "application/json": components["schemas"]["ScheduleOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "schedule_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "platform": "text",
                     *       "cadence": "monthly",
                     *       "cron": "text",
                     *       "grain": "month",
                     *       "hour": 1,
                     *       "time_zone": "text",
                     *       "missed": "latest",
                     *       "requires_approval": true,
                     *       "sends_corrections": true,
                     *       "is_active": true,
                     *       "version": 1,
                     *       "next_due_at": "2026-09-30T04:00:12Z",
                     *       "created_at": "2026-09-30T04:00:12Z",
                     *       "created_by": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["Schedule"];
                };
            };
        };
    };
    impactIn_getSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "schedule_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "platform": "text",
                     *       "cadence": "monthly",
                     *       "cron": "text",
                     *       "grain": "month",
                     *       "hour": 1,
                     *       "time_zone": "text",
                     *       "missed": "latest",
                     *       "requires_approval": true,
                     *       "sends_corrections": true,
                     *       "is_active": true,
                     *       "version": 1,
                     *       "next_due_at": "2026-09-30T04:00:12Z",
                     *       "created_at": "2026-09-30T04:00:12Z",
                     *       "created_by": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["Schedule"];
                };
            };
        };
    };
    impactIn_deleteSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "schedule_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "platform": "text",
                     *       "cadence": "monthly",
                     *       "cron": "text",
                     *       "grain": "month",
                     *       "hour": 1,
                     *       "time_zone": "text",
                     *       "missed": "latest",
                     *       "requires_approval": true,
                     *       "sends_corrections": true,
                     *       "is_active": true,
                     *       "version": 1,
                     *       "next_due_at": "2026-09-30T04:00:12Z",
                     *       "created_at": "2026-09-30T04:00:12Z",
                     *       "created_by": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["Schedule"];
                };
            };
        };
    };
    impactIn_changeSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version that was read, e.g. `"1"`. */
                "if-match"?: string | null;
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "cadence": "quarterly"
                 *     }
                 */
                "application/json": components["schemas"]["ScheduleChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "schedule_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "platform": "text",
                     *       "cadence": "monthly",
                     *       "cron": "text",
                     *       "grain": "month",
                     *       "hour": 1,
                     *       "time_zone": "text",
                     *       "missed": "latest",
                     *       "requires_approval": true,
                     *       "sends_corrections": true,
                     *       "is_active": true,
                     *       "version": 1,
                     *       "next_due_at": "2026-09-30T04:00:12Z",
                     *       "created_at": "2026-09-30T04:00:12Z",
                     *       "created_by": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["Schedule"];
                };
            };
        };
    };
    impactIn_runScheduleNow: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "period": "2026-09"
                 *     }
                 */
                "application/json": components["schemas"]["RunOrder"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "slot_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "period": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["Run"];
                };
            };
        };
    };
    impactIn_listConnections: {
        parameters: {
            query?: {
                /** @description For administrators of the platform. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "platform": "text",
                     *           "connector": "text",
                     *           "base_url": "text",
                     *           "options": {},
                     *           "mapping_version": "text",
                     *           "secrets": [
                     *             "text"
                     *           ],
                     *           "missing_secrets": [
                     *             "text"
                     *           ],
                     *           "updated_at": "2026-09-30T04:00:12Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ConnectionList"];
                };
            };
        };
    };
    impactIn_putConnection: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                platform: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "base_url": "https://api.benevity.example",
                 *       "connector": "benevity",
                 *       "options": {
                 *         "organization_id": "org-1",
                 *         "program_id": "prog-1"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ConnectionOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "platform": "text",
                     *       "connector": "text",
                     *       "base_url": "text",
                     *       "options": {},
                     *       "mapping_version": "text",
                     *       "secrets": [
                     *         "text"
                     *       ],
                     *       "missing_secrets": [
                     *         "text"
                     *       ],
                     *       "updated_at": "2026-09-30T04:00:12Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Connection"];
                };
            };
        };
    };
    impactIn_putSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                platform: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "secret": "as the partner gave it"
                 *     }
                 */
                "application/json": components["schemas"]["SecretOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "platform": "text",
                     *       "name": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["SecretKept"];
                };
            };
        };
    };
    journey_listRules: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "mentor_ready_001",
                     *           "hash": "text",
                     *           "name": "text",
                     *           "description": "text",
                     *           "owner": "text",
                     *           "state": "text",
                     *           "priority": 1,
                     *           "flag": "text",
                     *           "milestone": "text",
                     *           "has_effect": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Rules"];
                };
            };
        };
    };
    journey_getRuleSchema: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    journey_getRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                rule_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "mentor_ready_001",
                     *       "hash": "text",
                     *       "name": "text",
                     *       "description": "text",
                     *       "owner": "text",
                     *       "state": "text",
                     *       "priority": 1,
                     *       "flag": "text",
                     *       "milestone": "text",
                     *       "has_effect": true,
                     *       "definition": {}
                     *     }
                     */
                    "application/json": components["schemas"]["RuleDetail"];
                };
            };
        };
    };
    journey_validateRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "text": "id: three_sessions\nname: Three sessions\ndescription: Three sessions of any kind, ever.\nowner: programmes\nstate: draft\nfacts:\n  sessions: {count: kintell_sessions}\nwhen:\n  all:\n    - {fact: sessions, op: \">=\", value: 3}\nthen:\n  set_flag: {flag: mentor_ready}\n"
                 *     }
                 */
                "application/json": components["schemas"]["RuleText"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "is_valid": true,
                     *       "hash": "text",
                     *       "problems": [
                     *         {
                     *           "line": 1,
                     *           "where": "facts.sessions.witin",
                     *           "message": "unknown key 'witin'",
                     *           "suggestion": "did you mean 'within'?"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Validation"];
                };
            };
        };
    };
    journey_dryRunRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                 *       "text": "id: three_sessions\nname: Three sessions\ndescription: Three sessions of any kind, ever.\nowner: programmes\nstate: draft\nfacts:\n  sessions: {count: kintell_sessions}\nwhen:\n  all:\n    - {fact: sessions, op: \">=\", value: 3}\nthen:\n  set_flag: {flag: mentor_ready}\n"
                 *     }
                 */
                "application/json": components["schemas"]["DryRunOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "rule_hash": "text",
                     *       "as_of": "2026-09-30T04:00:12Z",
                     *       "person": {
                     *         "holds": true,
                     *         "facts": {},
                     *         "missing": [
                     *           {
                     *             "fact": "language_sessions",
                     *             "operator": ">=",
                     *             "needed": 0.5,
                     *             "actual": 0.5,
                     *             "distance": "1 more language sessions"
                     *           }
                     *         ],
                     *         "next_change_at": "2026-09-30T04:00:12Z",
                     *         "evidence": [
                     *           "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                     *         ]
                     *       },
                     *       "people_count": 1,
                     *       "holds_count": 1
                     *     }
                     */
                    "application/json": components["schemas"]["DryRun"];
                };
            };
        };
    };
    journey_backtestRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "first": "2026-06-01T00:00:00Z",
                 *       "last": "2026-08-31T00:00:00Z",
                 *       "text": "id: three_sessions\nname: Three sessions\ndescription: Three sessions of any kind, ever.\nowner: programmes\nstate: draft\nfacts:\n  sessions: {count: kintell_sessions}\nwhen:\n  all:\n    - {fact: sessions, op: \">=\", value: 3}\nthen:\n  set_flag: {flag: mentor_ready}\n"
                 *     }
                 */
                "application/json": components["schemas"]["BacktestOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "versions": [
                     *         {
                     *           "rule_hash": "text",
                     *           "people_count": 1,
                     *           "ever_set_count": 1,
                     *           "flip_count": 1,
                     *           "flap_rate": 0.5,
                     *           "weeks": [
                     *             {
                     *               "at": "2026-09-30T04:00:12Z",
                     *               "set_count": 1,
                     *               "begun_count": 1,
                     *               "ended_count": 1
                     *             }
                     *           ],
                     *           "by_language": [
                     *             {
                     *               "language": "text",
                     *               "people_count": 1,
                     *               "ever_set_count": 1
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "difference": {
                     *         "only_first_count": 1,
                     *         "only_second_count": 1,
                     *         "both_count": 1,
                     *         "examples": [
                     *           "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["BacktestAnswer"];
                };
            };
        };
    };
    privacy_requestExport: {
        parameters: {
            query?: never;
            header?: {
                /** @description A request repeated with its key is the same request. */
                "Idempotency-Key"?: string | null;
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "right": "access",
                 *       "subject": {
                 *         "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ExportOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "request_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "right": "access",
                     *       "state": "received",
                     *       "step": "grace_begun",
                     *       "progress": 0,
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "subject_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "is_immediate": true,
                     *       "received_at": "2026-09-30T04:00:12Z",
                     *       "run_after": "2026-09-30T04:00:12Z",
                     *       "due_at": "2026-09-30T04:00:12Z",
                     *       "extended_at": "2026-09-30T04:00:12Z",
                     *       "extension_reason": "text",
                     *       "region": "EU",
                     *       "priority": 1,
                     *       "is_overdue": true,
                     *       "finished_at": "2026-09-30T04:00:12Z",
                     *       "error": "text",
                     *       "status_url": "text",
                     *       "download": {
                     *         "url": "text",
                     *         "expires_at": "2026-09-30T04:00:12Z",
                     *         "bytes": 48213,
                     *         "sha256": "text"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PrivacyRequest"];
                };
            };
        };
    };
    privacy_requestErasure: {
        parameters: {
            query?: never;
            header?: {
                /** @description A request repeated with its key is the same request. */
                "Idempotency-Key"?: string | null;
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "subject": {
                 *         "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["DeleteOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "request_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "right": "access",
                     *       "state": "received",
                     *       "step": "grace_begun",
                     *       "progress": 0,
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "subject_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "is_immediate": true,
                     *       "received_at": "2026-09-30T04:00:12Z",
                     *       "run_after": "2026-09-30T04:00:12Z",
                     *       "due_at": "2026-09-30T04:00:12Z",
                     *       "extended_at": "2026-09-30T04:00:12Z",
                     *       "extension_reason": "text",
                     *       "region": "EU",
                     *       "priority": 1,
                     *       "is_overdue": true,
                     *       "finished_at": "2026-09-30T04:00:12Z",
                     *       "error": "text",
                     *       "status_url": "text",
                     *       "download": {
                     *         "url": "text",
                     *         "expires_at": "2026-09-30T04:00:12Z",
                     *         "bytes": 48213,
                     *         "sha256": "text"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PrivacyRequest"];
                };
            };
        };
    };
    privacy_requestRectification: {
        parameters: {
            query?: never;
            header?: {
                /** @description A request repeated with its key is the same request. */
                "Idempotency-Key"?: string | null;
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "first_name": "Olha",
                 *       "subject": {
                 *         "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["RectifyOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "request_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "right": "access",
                     *       "state": "received",
                     *       "step": "grace_begun",
                     *       "progress": 0,
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "subject_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "is_immediate": true,
                     *       "received_at": "2026-09-30T04:00:12Z",
                     *       "run_after": "2026-09-30T04:00:12Z",
                     *       "due_at": "2026-09-30T04:00:12Z",
                     *       "extended_at": "2026-09-30T04:00:12Z",
                     *       "extension_reason": "text",
                     *       "region": "EU",
                     *       "priority": 1,
                     *       "is_overdue": true,
                     *       "finished_at": "2026-09-30T04:00:12Z",
                     *       "error": "text",
                     *       "status_url": "text",
                     *       "download": {
                     *         "url": "text",
                     *         "expires_at": "2026-09-30T04:00:12Z",
                     *         "bytes": 48213,
                     *         "sha256": "text"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PrivacyRequest"];
                };
            };
        };
    };
    privacy_requestRestriction: {
        parameters: {
            query?: never;
            header?: {
                /** @description A request repeated with its key is the same request. */
                "Idempotency-Key"?: string | null;
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ground": "accuracy",
                 *       "subject": {
                 *         "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["RestrictOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "request_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "right": "access",
                     *       "state": "received",
                     *       "step": "grace_begun",
                     *       "progress": 0,
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "subject_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "is_immediate": true,
                     *       "received_at": "2026-09-30T04:00:12Z",
                     *       "run_after": "2026-09-30T04:00:12Z",
                     *       "due_at": "2026-09-30T04:00:12Z",
                     *       "extended_at": "2026-09-30T04:00:12Z",
                     *       "extension_reason": "text",
                     *       "region": "EU",
                     *       "priority": 1,
                     *       "is_overdue": true,
                     *       "finished_at": "2026-09-30T04:00:12Z",
                     *       "error": "text",
                     *       "status_url": "text",
                     *       "download": {
                     *         "url": "text",
                     *         "expires_at": "2026-09-30T04:00:12Z",
                     *         "bytes": 48213,
                     *         "sha256": "text"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PrivacyRequest"];
                };
            };
        };
    };
    privacy_listRequests: {
        parameters: {
            query?: {
                /** @description Without it, what is not completed or cancelled. */
                state?: ("received" | "confirmed" | "held" | "running" | "completed" | "partial" | "failed" | "cancelled")[] | null;
                right?: ("access" | "rectification" | "erasure" | "portability" | "restrict" | "object") | null;
                /** @description For administrators of the platform. */
                companyId?: string | null;
                limit?: number;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "request_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "right": "access",
                     *           "state": "received",
                     *           "step": "grace_begun",
                     *           "progress": 0,
                     *           "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "subject_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "is_immediate": true,
                     *           "received_at": "2026-09-30T04:00:12Z",
                     *           "run_after": "2026-09-30T04:00:12Z",
                     *           "due_at": "2026-09-30T04:00:12Z",
                     *           "extended_at": "2026-09-30T04:00:12Z",
                     *           "extension_reason": "text",
                     *           "region": "EU",
                     *           "priority": 1,
                     *           "is_overdue": true,
                     *           "finished_at": "2026-09-30T04:00:12Z",
                     *           "error": "text",
                     *           "status_url": "text",
                     *           "download": {
                     *             "url": "text",
                     *             "expires_at": "2026-09-30T04:00:12Z",
                     *             "bytes": 48213,
                     *             "sha256": "text"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PrivacyRequestList"];
                };
            };
        };
    };
    privacy_getRequest: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "request_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "right": "access",
                     *       "state": "received",
                     *       "step": "grace_begun",
                     *       "progress": 0,
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "subject_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "is_immediate": true,
                     *       "received_at": "2026-09-30T04:00:12Z",
                     *       "run_after": "2026-09-30T04:00:12Z",
                     *       "due_at": "2026-09-30T04:00:12Z",
                     *       "extended_at": "2026-09-30T04:00:12Z",
                     *       "extension_reason": "text",
                     *       "region": "EU",
                     *       "priority": 1,
                     *       "is_overdue": true,
                     *       "finished_at": "2026-09-30T04:00:12Z",
                     *       "error": "text",
                     *       "status_url": "text",
                     *       "download": {
                     *         "url": "text",
                     *         "expires_at": "2026-09-30T04:00:12Z",
                     *         "bytes": 48213,
                     *         "sha256": "text"
                     *       },
                     *       "steps": [
                     *         {
                     *           "state": "received",
                     *           "step": "read clickhouse:raw.events",
                     *           "progress": 1,
                     *           "detail": {
                     *             "rows": 12
                     *           },
                     *           "recorded_at": "2026-09-30T04:00:12Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PrivacyRequestWithSteps"];
                };
            };
        };
    };
    privacy_cancelRequest: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "The person asked us to wait."
                 *     }
                 */
                "application/json": components["schemas"]["CancelOrder"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "request_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "right": "access",
                     *       "state": "received",
                     *       "step": "grace_begun",
                     *       "progress": 0,
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "subject_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "is_immediate": true,
                     *       "received_at": "2026-09-30T04:00:12Z",
                     *       "run_after": "2026-09-30T04:00:12Z",
                     *       "due_at": "2026-09-30T04:00:12Z",
                     *       "extended_at": "2026-09-30T04:00:12Z",
                     *       "extension_reason": "text",
                     *       "region": "EU",
                     *       "priority": 1,
                     *       "is_overdue": true,
                     *       "finished_at": "2026-09-30T04:00:12Z",
                     *       "error": "text",
                     *       "status_url": "text",
                     *       "download": {
                     *         "url": "text",
                     *         "expires_at": "2026-09-30T04:00:12Z",
                     *         "bytes": 48213,
                     *         "sha256": "text"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PrivacyRequest"];
                };
            };
        };
    };
    privacy_retryRequest: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "request_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "right": "access",
                     *       "state": "received",
                     *       "step": "grace_begun",
                     *       "progress": 0,
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "subject_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "is_immediate": true,
                     *       "received_at": "2026-09-30T04:00:12Z",
                     *       "run_after": "2026-09-30T04:00:12Z",
                     *       "due_at": "2026-09-30T04:00:12Z",
                     *       "extended_at": "2026-09-30T04:00:12Z",
                     *       "extension_reason": "text",
                     *       "region": "EU",
                     *       "priority": 1,
                     *       "is_overdue": true,
                     *       "finished_at": "2026-09-30T04:00:12Z",
                     *       "error": "text",
                     *       "status_url": "text",
                     *       "download": {
                     *         "url": "text",
                     *         "expires_at": "2026-09-30T04:00:12Z",
                     *         "bytes": 48213,
                     *         "sha256": "text"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PrivacyRequest"];
                };
            };
        };
    };
    privacy_extendRequest: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "Three archives have to be searched."
                 *     }
                 */
                "application/json": components["schemas"]["ExtendOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "request_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "right": "access",
                     *       "state": "received",
                     *       "step": "grace_begun",
                     *       "progress": 0,
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "subject_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "is_immediate": true,
                     *       "received_at": "2026-09-30T04:00:12Z",
                     *       "run_after": "2026-09-30T04:00:12Z",
                     *       "due_at": "2026-09-30T04:00:12Z",
                     *       "extended_at": "2026-09-30T04:00:12Z",
                     *       "extension_reason": "text",
                     *       "region": "EU",
                     *       "priority": 1,
                     *       "is_overdue": true,
                     *       "finished_at": "2026-09-30T04:00:12Z",
                     *       "error": "text",
                     *       "status_url": "text",
                     *       "download": {
                     *         "url": "text",
                     *         "expires_at": "2026-09-30T04:00:12Z",
                     *         "bytes": 48213,
                     *         "sha256": "text"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PrivacyRequest"];
                };
            };
        };
    };
    privacy_downloadExport: {
        parameters: {
            query?: {
                /** @description Of the link. */
                expires?: number | null;
                /** @description Of the link. */
                signature?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    privacy_listConsentTexts: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "purpose": "marketing",
                     *           "version": 1,
                     *           "language": "en",
                     *           "words": "text",
                     *           "sha256": "text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ConsentWordsList"];
                };
            };
        };
    };
    privacy_recordConsent: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "language": "uk",
                 *       "method": "checkbox",
                 *       "purpose": "marketing",
                 *       "subject": {
                 *         "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                 *       },
                 *       "text_version": 1
                 *     }
                 */
                "application/json": components["schemas"]["ConsentOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "consent_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "purpose": "marketing",
                     *       "legal_basis": "consent",
                     *       "text_version": 1,
                     *       "language": "en",
                     *       "method": "explicit_opt_in",
                     *       "granted_at": "2026-09-30T04:00:12Z",
                     *       "expires_at": "2026-09-30T04:00:12Z",
                     *       "withdrawn_at": "2026-09-30T04:00:12Z",
                     *       "replaced_at": "2026-09-30T04:00:12Z",
                     *       "is_in_force": true
                     *     }
                     */
                    "application/json": components["schemas"]["Consent"];
                };
            };
        };
    };
    privacy_withdrawConsent: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                consent_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "consent_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "purpose": "marketing",
                     *       "legal_basis": "consent",
                     *       "text_version": 1,
                     *       "language": "en",
                     *       "method": "explicit_opt_in",
                     *       "granted_at": "2026-09-30T04:00:12Z",
                     *       "expires_at": "2026-09-30T04:00:12Z",
                     *       "withdrawn_at": "2026-09-30T04:00:12Z",
                     *       "replaced_at": "2026-09-30T04:00:12Z",
                     *       "is_in_force": true
                     *     }
                     */
                    "application/json": components["schemas"]["Consent"];
                };
            };
        };
    };
    privacy_getPerson: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "consents": [
                     *         {
                     *           "consent_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "purpose": "marketing",
                     *           "legal_basis": "consent",
                     *           "text_version": 1,
                     *           "language": "en",
                     *           "method": "explicit_opt_in",
                     *           "granted_at": "2026-09-30T04:00:12Z",
                     *           "expires_at": "2026-09-30T04:00:12Z",
                     *           "withdrawn_at": "2026-09-30T04:00:12Z",
                     *           "replaced_at": "2026-09-30T04:00:12Z",
                     *           "is_in_force": true
                     *         }
                     *       ],
                     *       "restrictions": [
                     *         {
                     *           "restriction_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "ground": "accuracy",
                     *           "request_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "restricted_at": "2026-09-30T04:00:12Z",
                     *           "lifted_at": "2026-09-30T04:00:12Z",
                     *           "is_applied": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PersonRecord"];
                };
            };
        };
    };
    privacy_liftRestriction: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                restriction_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    keys_list: {
        parameters: {
            query?: {
                /** @description For administrators of the platform. */
                companyId?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "key_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "name": "cockpit production",
                     *           "prefix": "teei_live_Eg",
                     *           "role": "system_admin",
                     *           "scopes": [
                     *             "report:view"
                     *           ],
                     *           "api_version": "text",
                     *           "rate_limit_per_minute": 1,
                     *           "created_at": "2026-09-30T04:00:12Z",
                     *           "expires_at": "2026-09-30T04:00:12Z",
                     *           "revoked_at": "2026-09-30T04:00:12Z",
                     *           "last_used_at": "2026-09-30T04:00:12Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["KeyList"];
                };
            };
        };
    };
    keys_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "api_version": "2026-11-27",
                 *       "name": "cockpit",
                 *       "role": "api_client",
                 *       "scopes": [
                 *         "report:view"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["KeyOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "text",
                     *       "name": "text",
                     *       "role": "system_admin",
                     *       "scopes": [
                     *         "text"
                     *       ],
                     *       "api_version": "text",
                     *       "expires_at": "2026-09-30T04:00:12Z"
                     *     }
                     */
                    "application/json": components["schemas"]["NewKey"];
                };
            };
        };
    };
    keys_regenerate: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "overlap_s": 0
                 *     }
                 */
                "application/json": components["schemas"]["ReplacementOrder"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "text",
                     *       "name": "text",
                     *       "role": "system_admin",
                     *       "scopes": [
                     *         "text"
                     *       ],
                     *       "api_version": "text",
                     *       "expires_at": "2026-09-30T04:00:12Z"
                     *     }
                     */
                    "application/json": components["schemas"]["NewKey"];
                };
            };
        };
    };
    keys_revoke: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "name": "cockpit production",
                     *       "prefix": "teei_live_Eg",
                     *       "role": "system_admin",
                     *       "scopes": [
                     *         "report:view"
                     *       ],
                     *       "api_version": "text",
                     *       "rate_limit_per_minute": 1,
                     *       "created_at": "2026-09-30T04:00:12Z",
                     *       "expires_at": "2026-09-30T04:00:12Z",
                     *       "revoked_at": "2026-09-30T04:00:12Z",
                     *       "last_used_at": "2026-09-30T04:00:12Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Key"];
                };
            };
        };
    };
    audit_listAdminReads: {
        parameters: {
            query?: {
                /** @description For administrators of the platform; without it, every request. */
                companyId?: string | null;
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "request_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *           "asked_at": "2026-09-30T04:00:12Z",
                     *           "caller_id": "user:u-17",
                     *           "method": "GET",
                     *           "route": "/v1/companies/{company_id}/metrics",
                     *           "company_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"
                     *         }
                     *       ],
                     *       "next_cursor": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["AdminReadPage"];
                };
            };
        };
    };
    ops_listDeadLetters: {
        parameters: {
            query?: {
                source?: string | null;
                kind?: string | null;
                error_class?: components["schemas"]["ErrorClass"] | null;
                since?: string | null;
                until?: string | null;
                /** @description The letters' state. */
                state?: "waiting" | "replayed" | "discarded" | "gone";
                /** @description Letters per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "letter_id": 17,
                     *           "source": "kintell",
                     *           "kind": "session-completed",
                     *           "message_key": "kintell:6f0a",
                     *           "delivery_id": "6f0a",
                     *           "error_class": "transient",
                     *           "reason": "text",
                     *           "first_error": "text",
                     *           "attempts": 4,
                     *           "first_failed_at": "2026-09-30T04:00:12Z",
                     *           "died_at": "2026-09-30T04:00:12Z",
                     *           "code_version": "0.1.0+1b2c3d4e",
                     *           "replay_of": 1,
                     *           "state": "waiting",
                     *           "settled_at": "2026-09-30T04:00:12Z",
                     *           "settled_by": "text"
                     *         }
                     *       ],
                     *       "next_cursor": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["LetterPage"];
                };
            };
        };
    };
    ops_getDeadLetter: {
        parameters: {
            query?: {
                /** @description Its original bytes and headers too. They may be personal; reading them is audited. */
                payload?: boolean;
            };
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                /** @description The letter's id. */
                letter_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "letter_id": 17,
                     *       "source": "kintell",
                     *       "kind": "session-completed",
                     *       "message_key": "kintell:6f0a",
                     *       "delivery_id": "6f0a",
                     *       "error_class": "transient",
                     *       "reason": "text",
                     *       "first_error": "text",
                     *       "attempts": 4,
                     *       "first_failed_at": "2026-09-30T04:00:12Z",
                     *       "died_at": "2026-09-30T04:00:12Z",
                     *       "code_version": "0.1.0+1b2c3d4e",
                     *       "replay_of": 1,
                     *       "state": "waiting",
                     *       "settled_at": "2026-09-30T04:00:12Z",
                     *       "settled_by": "text",
                     *       "payload_text": "text",
                     *       "payload_base64": "text",
                     *       "original_headers": {}
                     *     }
                     */
                    "application/json": components["schemas"]["LetterWithPayload"];
                };
            };
        };
    };
    ops_replayDeadLetters: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "dry_run": true,
                 *       "error_class": "transient",
                 *       "limit": 500
                 *     }
                 */
                "application/json": components["schemas"]["Order"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "matched_count": 1,
                     *       "settled_count": 1,
                     *       "gone_count": 1,
                     *       "action_id": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    ops_discardDeadLetters: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "dry_run": true,
                 *       "error_class": "transient",
                 *       "limit": 500
                 *     }
                 */
                "application/json": components["schemas"]["Order"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "matched_count": 1,
                     *       "settled_count": 1,
                     *       "gone_count": 1,
                     *       "action_id": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    ops_getDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version the client was written for; without it, the key's own or the newest. */
                "X-API-Version"?: components["parameters"]["ApiVersion"];
            };
            path: {
                source: string;
                /** @description As the sender named it. */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "source": "text",
                     *       "delivery_id": "text",
                     *       "outcome": "accepted",
                     *       "received_at": "2026-09-30T04:00:12Z",
                     *       "event_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
                     *       "event_type": "text",
                     *       "duplicate_count": 1,
                     *       "conflict_count": 1,
                     *       "failure_count": 1,
                     *       "last_error": "text",
                     *       "retry_at": "2026-09-30T04:00:12Z",
                     *       "steps": [
                     *         {
                     *           "at": "2026-09-30T04:00:12Z",
                     *           "what": "text"
                     *         }
                     *       ],
                     *       "dead_letters": [
                     *         {
                     *           "letter_id": 17,
                     *           "source": "kintell",
                     *           "kind": "session-completed",
                     *           "message_key": "kintell:6f0a",
                     *           "delivery_id": "6f0a",
                     *           "error_class": "transient",
                     *           "reason": "text",
                     *           "first_error": "text",
                     *           "attempts": 4,
                     *           "first_failed_at": "2026-09-30T04:00:12Z",
                     *           "died_at": "2026-09-30T04:00:12Z",
                     *           "code_version": "0.1.0+1b2c3d4e",
                     *           "replay_of": 1,
                     *           "state": "waiting",
                     *           "settled_at": "2026-09-30T04:00:12Z",
                     *           "settled_by": "text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryStory"];
                };
            };
        };
    };
    platform_getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    platform_getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready",
                     *       "checks": {}
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    platform_getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus text. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
        };
    };
    platform_getCatalog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    platform_listVersions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "header": "X-API-Version",
                     *       "versions": [
                     *         {
                     *           "version": "2026-11-27",
                     *           "since": "2026-09-30",
                     *           "is_newest": true,
                     *           "changes": [
                     *             "text"
                     *           ],
                     *           "specification": "/api-docs/serving.json"
                     *         }
                     *       ],
                     *       "unversioned_paths": {
                     *         "deprecated_on": "2026-09-30",
                     *         "sunset_on": "2026-09-30"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DatedVersions"];
                };
            };
        };
    };
    platform_getSpecification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A process, an older version of the API as `serving-…`, or `asyncapi`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    platform_listProblems: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "type": "text",
                     *         "title": "text",
                     *         "status": 1,
                     *         "advice": "text"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["ProblemKind"][];
                };
            };
        };
    };
    platform_getProblem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The last part of `type`. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "text",
                     *       "title": "text",
                     *       "status": 1,
                     *       "advice": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["ProblemKind"];
                };
            };
        };
    };
    platform_listSchemas: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asyncapi": "/schemas/asyncapi.yaml",
                     *       "schemas": [
                     *         "/schemas/kintell.session.completed.json"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SchemaList"];
                };
            };
        };
    };
}

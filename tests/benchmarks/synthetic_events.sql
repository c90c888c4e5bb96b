-- Each event type: its name and share of all events, then its subject and its data as columns of event number n.
-- In scope: n, at, participant_id, volunteer_id, company_id, and the counts `matches` and `instances`.

-- kintell.session.completed 0.42
concat('session/', toString(n)) as subject,
tuple(
    id_of('session', n), concat('LS-', toString(n)), ['language', 'language', 'mentorship'][n % 3 + 1],
    participant_id, volunteer_id, addMinutes(at, -45), at, 30 + n % 31, ['work', 'daily life'],
    ['A1', 'A2', 'B1', 'B1', 'B2', 'C1'][cityHash64(participant_id, toYear(at)) % 6 + 1]
)::Tuple(
    sessionId UUID, externalSessionId String, sessionType String, participantId UUID, volunteerId UUID,
    scheduledAt DateTime64(3, 'UTC'), completedAt DateTime64(3, 'UTC'), durationMinutes UInt32,
    topics Array(String), languageLevel String
) as data;

-- kintell.rating.created 0.24
concat('rating/', toString(n)) as subject,
tuple(
    id_of('rating', n), id_of('session', n),
    ['participant', 'participant', 'participant', 'volunteer'][n % 4 + 1], participant_id, (n % 9) / 8,
    addHours(at, 2)
)::Tuple(
    ratingId UUID, sessionId UUID, fromRole String, participantId UUID, rating Float64,
    createdAt DateTime64(3, 'UTC')
) as data;

-- buddy.match.created 0.015
concat('match/', toString(n)) as subject,
tuple(id_of('match', n), participant_id, volunteer_id, at)::Tuple(
    matchId UUID, participantId UUID, buddyId UUID, matchedAt DateTime64(3, 'UTC')
) as data;

-- buddy.match.ended 0.005
concat('match-end/', toString(n)) as subject,
tuple(
    id_of('match', n), participant_id, volunteer_id, addDays(at, 100), 100,
    ['completed', 'inactivity'][n % 2 + 1]
)::Tuple(
    matchId UUID, participantId UUID, buddyId UUID, endedAt DateTime64(3, 'UTC'), duration UInt32, reason String
) as data;

-- buddy.checkin.completed 0.1
concat('checkin/', toString(n)) as subject,
tuple(
    id_of('checkin', n), id_of('match', n % matches), participant_id, at,
    ['great', 'good', 'good', 'okay', 'struggling'][n % 5 + 1]
)::Tuple(
    checkinId UUID, matchId UUID, participantId UUID, checkinDate DateTime64(3, 'UTC'), mood String
) as data;

-- buddy.event.logged 0.04
concat('buddy-event/', toString(n)) as subject,
tuple(
    id_of('buddy-event', n), id_of('match', n % matches), participant_id,
    ['hangout', 'activity', 'workshop'][n % 3 + 1], at
)::Tuple(
    eventId UUID, matchId UUID, participantId UUID, eventType String, eventDate DateTime64(3, 'UTC')
) as data;

-- buddy.feedback.submitted 0.02
concat('feedback/', toString(n)) as subject,
tuple(
    id_of('feedback', n), id_of('match', n % matches), participant_id, ['participant', 'buddy'][n % 2 + 1],
    (n % 5) / 4, at
)::Tuple(
    feedbackId UUID, matchId UUID, participantId UUID, fromRole String, rating Float64,
    submittedAt DateTime64(3, 'UTC')
) as data;

-- upskilling.progress.updated 0.05
concat('progress/', toString(n)) as subject,
tuple(
    id_of('progress', n), participant_id, 'ecornell', concat('C', toString(n % 40)),
    concat('Course ', toString(n % 40)), n % 101, ['in_progress', 'in_progress', 'enrolled', 'dropped'][n % 4 + 1],
    at
)::Tuple(
    progressId UUID, userId UUID, provider String, courseId String, courseName String, progressPercent UInt8,
    status String, updatedAt DateTime64(3, 'UTC')
) as data;

-- upskilling.course.completed 0.02
concat('course/', toString(n)) as subject,
tuple(
    id_of('completion', n), participant_id, 'ecornell', concat('C', toString(n % 40)),
    concat('Course ', toString(n % 40)), at, 50 + n % 51
)::Tuple(
    progressId UUID, userId UUID, provider String, courseId String, courseName String,
    completedAt DateTime64(3, 'UTC'), finalScore UInt8
) as data;

-- ingest.enrollment.created 0.02
concat('enrollment/', toString(n)) as subject,
tuple(
    'manual', participant_id,
    ['language_course', 'mentorship_program', 'buddy_program', 'upskilling_course'][n % 4 + 1],
    id_of('instance', n % instances), 'Programme', at, ['enrolled', 'completed', 'withdrawn'][n % 3 + 1]
)::Tuple(
    sourceSystem String, userId UUID, programType String, programId UUID, programName String,
    enrollmentDate DateTime64(3, 'UTC'), status String
) as data;

-- ingest.placement.created 0.002
concat('placement/manual/P', toString(n)) as subject,
tuple(
    'manual', concat('P', toString(n)), participant_id,
    ['job_placement', 'internship', 'mentorship_match'][n % 3 + 1], at, ['active', 'completed'][n % 2 + 1]
)::Tuple(
    sourceSystem String, sourceId String, userId UUID, placementType String, placementDate DateTime64(3, 'UTC'),
    status String
) as data;

-- ingest.volunteer.logged 0.02
concat('volunteering/benevity/V', toString(n)) as subject,
tuple(
    'benevity', concat('V', toString(n)), volunteer_id, company_id, 'Homework help',
    ['skills_volunteering', 'virtual_volunteering'][n % 2 + 1], 1 + n % 4, at
)::Tuple(
    sourceSystem String, sourceId String, userId UUID, companyId UUID, activityName String, activityType String,
    hoursLogged UInt8, activityDate DateTime64(3, 'UTC')
) as data;

-- ingest.donation.made 0.008
concat('donation/benevity/D', toString(n)) as subject,
tuple(
    'benevity', concat('D', toString(n)), volunteer_id, company_id, ['one_time', 'recurring'][n % 2 + 1],
    10 + n % 90, 'USD', 10 + n % 90, at
)::Tuple(
    sourceSystem String, sourceId String, userId UUID, companyId UUID, donationType String, amount UInt32,
    currency String, amountUSD UInt32, donationDate DateTime64(3, 'UTC')
) as data;

-- q2q.scored 0.04
concat('score/', toString(intDiv(n, 5)), '/', toString(n % 5)) as subject,
tuple(
    id_of('text', intDiv(n, 5)), 'kintell_feedback', participant_id,
    ['confidence', 'belonging', 'lang_level_proxy', 'job_readiness', 'well_being'][n % 5 + 1],
    (cityHash64(n) % 1001) / 1000, 0.5 + (n % 50) / 100, 'rule_based', 'rules-1',
    lower(hex(SHA256(toString(intDiv(n, 5))))), ['uk', 'no', 'en'][n % 3 + 1], at
)::Tuple(
    textId UUID, textType String, userId UUID, dimension String, score Float64, confidence Float64,
    method String, modelVersion String, textSha256 String, language String, scoredAt DateTime64(3, 'UTC')
) as data;

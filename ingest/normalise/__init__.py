"""From raw deliveries to events: people become ids, the company is attributed, each fact is claimed once."""

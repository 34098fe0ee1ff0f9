"""What happens to a client's visits when clients are merged, erased or exported."""

from tenants.nouns.personal_data_policies import PersonalDataPolicy

POLICIES = (PersonalDataPolicy("visits", "visits.Visit", "Visits"),)

"""The tables of a business in which no client is found, so that a new table is either searched or named here."""

# Tables of a business that hold nothing about clients: what it chose for itself, and bookkeeping.
TABLES_WITHOUT_CLIENTS = {
    "access_tokengrant",
    "branding_logo",
    "branding_portalsettings",
    "clients_customfield",
    "clients_importchunk",
    "clients_client_tags",
    "django_migrations",
    "embeds_allowedwebsites",
    "integrations_webhookendpoint",
    "intake_contactformsettings",
    "messaging_messagetemplate",
    "messaging_notificationpreference",
    "passkeys_usedchallenge",
    "scheduling_appointmentreminder",
    "scheduling_openinghours",
    "scheduling_resource",
    "scheduling_resourcereservation",
    "scheduling_schedulingsettings",
    "scheduling_service",
    "scheduling_service_calendars",
    "scheduling_service_resources",
    "scheduling_servicequestion",
    "scheduling_staffcalendar",
}

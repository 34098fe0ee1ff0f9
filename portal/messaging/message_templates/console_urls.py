"""The console's URLs of the business's own message templates."""

from django.urls import path

from portal.messaging.message_templates.console import mail_templates, text_message_templates

urlpatterns = [
    path("", mail_templates.list_message_templates, name="message-templates"),
    path("texts/<slug:kind>/<slug:language>/", text_message_templates.edit_text_template, name="text-template"),
    path(
        "texts/<slug:kind>/<slug:language>/reset/",
        text_message_templates.reset_text_template,
        name="text-template-reset",
    ),
    path("<slug:kind>/<slug:language>/", mail_templates.edit_mail_template, name="mail-template"),
    path("<slug:kind>/<slug:language>/reset/", mail_templates.reset_mail_template, name="mail-template-reset"),
    path("<slug:kind>/<slug:language>/preview/", mail_templates.preview_mail_template, name="mail-template-preview"),
    path("<slug:kind>/<slug:language>/sample/", mail_templates.send_sample, name="mail-template-sample"),
]

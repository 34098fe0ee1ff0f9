"""The console's URLs of the business's own message templates."""

from django.urls import path

from portal.messaging.message_templates.console import mails, texts

urlpatterns = [
    path("", mails.list_templates, name="message-templates"),
    path("texts/<slug:kind>/<slug:language>/", texts.edit_text_template, name="text-template"),
    path("texts/<slug:kind>/<slug:language>/reset/", texts.reset_text_template, name="text-template-reset"),
    path("<slug:kind>/<slug:language>/", mails.edit_mail_template, name="mail-template"),
    path("<slug:kind>/<slug:language>/reset/", mails.reset_mail_template, name="mail-template-reset"),
    path("<slug:kind>/<slug:language>/preview/", mails.preview_mail_template, name="mail-template-preview"),
    path("<slug:kind>/<slug:language>/sample/", mails.send_sample, name="mail-template-sample"),
]

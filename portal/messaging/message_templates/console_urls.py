"""The console's URLs of the business's own message templates."""

from django.urls import path

from portal.messaging.message_templates.console import mails, texts

urlpatterns = [
    path("", mails.template_list, name="message-templates"),
    path("texts/<slug:kind>/<slug:language>/", texts.text_template, name="text-template"),
    path("texts/<slug:kind>/<slug:language>/reset/", texts.reset, name="text-template-reset"),
    path("<slug:kind>/<slug:language>/", mails.mail_template, name="mail-template"),
    path("<slug:kind>/<slug:language>/reset/", mails.reset, name="mail-template-reset"),
    path("<slug:kind>/<slug:language>/preview/", mails.preview, name="mail-template-preview"),
    path("<slug:kind>/<slug:language>/sample/", mails.sample, name="mail-template-sample"),
]

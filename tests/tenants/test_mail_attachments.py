"""An attachment's name and content type can begin no other header, and its repr names nobody."""

import pytest

from tenants.mail_attachments import InvalidAttachment, MailAttachment


def test_the_content_type_of_an_attachment_is_split_into_its_parts():
    attachment = MailAttachment("a.ics", 'Text/Calendar; METHOD=REQUEST; charset="utf-8"', b"x")

    assert attachment.media_type == "text/calendar"
    assert attachment.parameters == {"method": "REQUEST", "charset": "utf-8"}


@pytest.mark.parametrize("filename", ["", "a\r\nBcc: x.ics", "a\x00.ics", "a\u2028.ics", "a\ud83d.ics"])
def test_a_file_name_that_could_begin_a_header_is_refused(filename):
    with pytest.raises(InvalidAttachment):
        MailAttachment(filename, "text/calendar", b"x")


@pytest.mark.parametrize("content_type", ["", "calendar", "text/", "text/calendar\r\nBcc: x", "text/plain; charset"])
def test_a_content_type_that_is_none_is_refused(content_type):
    with pytest.raises(InvalidAttachment):
        MailAttachment("a.ics", content_type, b"x")


def test_the_repr_of_an_attachment_names_nobody():
    assert repr(MailAttachment("ana.ics", "text/calendar", b"ana")) == "MailAttachment(content_type='text/calendar')"

"""The steps by which a client list is uploaded, checked and imported, one page each."""

from pathlib import Path

from playwright.sync_api import Locator

from tests.browser.console.console_page import ConsolePage


class FileUploadPage(ConsolePage):
    """The first step: choose a file."""

    def choose_file(self, name: str, content: bytes) -> None:
        """Choose a CSV file by its name and content."""
        self.page.get_by_label("Your list").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})

    def submit(self) -> "UploadFormatPage":
        """Send the file."""
        self.user.click_button("Continue")
        return UploadFormatPage(self.user)


class UploadFormatPage(ConsolePage):
    """The second step: check the encoding and the separator on the first rows."""

    @property
    def encoding_field(self) -> Locator:
        """The choice of the encoding."""
        return self.page.get_by_label("Encoding")

    def locate_cell(self, text: str) -> Locator:
        """Locate the cells of the first rows that hold a text."""
        return self.page.get_by_role("cell", name=text)

    def choose_encoding(self, encoding: str) -> None:
        """Choose the encoding by its name."""
        self.encoding_field.select_option(encoding)

    def submit(self) -> "ColumnMappingPage":
        """Confirm the format."""
        self.user.click_button("Continue")
        return ColumnMappingPage(self.user)


class ColumnMappingPage(ConsolePage):
    """The third step: say which column holds which field."""

    def locate_column(self, heading: str) -> Locator:
        """Locate the choice of a column's field by the column's heading."""
        return self.page.get_by_label(heading)

    def choose_column(self, heading: str, field: str) -> None:
        """Choose which field a column holds."""
        self.locate_column(heading).select_option(field)

    def submit(self) -> "ImportPreviewPage":
        """Have the list compared with the clients there are."""
        self.user.click_button("Check the list")
        return ImportPreviewPage(self.user)


class ImportPreviewPage(ConsolePage):
    """The fourth step: see what the import will do."""

    def fill_in_missing_details(self) -> None:
        """Choose to add to existing cards only what they lack."""
        self.page.get_by_label("Fill in missing details only").check()

    def start_import(self) -> "ImportReportPage":
        """Start the import."""
        self.user.click_button("Import")
        return ImportReportPage(self.user)


class ImportReportPage(ConsolePage):
    """The last step: what the import has done."""

    def download_skipped_rows(self) -> Path:
        """Download the rows that were not imported, and return the file's path."""
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name="Download skipped rows").click()
        return download.value.path()

    def choose_undo(self) -> "UndoImportPage":
        """Go to the page that undoes the import."""
        self.user.click_link("Undo import")
        return UndoImportPage(self.user)


class UndoImportPage(ConsolePage):
    """The page that asks whether to undo the import."""

    def undo_import(self) -> ImportReportPage:
        """Undo the import."""
        self.user.click_button("Undo import")
        return ImportReportPage(self.user)

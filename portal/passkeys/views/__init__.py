"""The pages of passkeys; portal-passkeys.js asks the browser for one and sends what it signed."""

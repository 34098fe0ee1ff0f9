"""API keys are made, replaced and revoked in the console and by the command."""

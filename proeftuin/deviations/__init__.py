"""The register: where the cao is set aside, for whom, until when and by whose agreement."""

"""The collective labour agreement: its versions, articles and paragraphs, and how a text becomes one."""

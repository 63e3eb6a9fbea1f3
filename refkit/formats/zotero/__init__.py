"""What Zotero's formats share: its item types, fields and creators in CSL's terms, both ways."""

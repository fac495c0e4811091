"""A case as one web page, and the record of a case that the page and the draft are written from."""

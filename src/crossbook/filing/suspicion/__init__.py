"""Reports on cases of the watch, as authorities take them: goAML, China's and FinCEN's. Files to check and complete;
what the book does not know is left empty and named, and nothing is sent."""

"""The journey engine: rules about people as files, evaluated as sets, explained to the last row."""

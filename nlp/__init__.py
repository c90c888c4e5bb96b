"""Plain functions over text: values in, values out. Connections and clients arrive as arguments."""

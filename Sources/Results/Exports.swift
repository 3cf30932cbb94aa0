// Whoever reads results works with their values: the notation comes along.
@_exported public import JSON

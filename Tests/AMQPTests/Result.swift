/// Lets a mutating call stand inside `#expect`, which would otherwise make it on a copy.
func result<Value>(_ value: Value) -> Value { value }

/// A value about a person or a case, which shows nothing of itself when it is printed, interpolated or dumped.
///
/// Logs, error texts and test failures print values in passing; whoever needs the content names the property.
package protocol Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Redacted {
    package var description: String { "<redacted \(Self.self)>" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

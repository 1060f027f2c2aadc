import SSBTEK

// Labels carry names, subjects, remarks and file names, payloads everything: none of them shows itself when it is printed in
// passing, in a log line, an error or a test's failure.

extension Manifest: Redacted {}
extension ManifestQuestion: Redacted {}
extension WorkItem: Redacted {}
extension ProviderAnswer: Redacted {}
extension Reply: Redacted {}
extension Assembly: Redacted {}
extension ReceivedTransfer: Redacted {}
extension ReceivedQuestion: Redacted {}
extension AcceptedRequest: Redacted {}
extension Verified: Redacted {}

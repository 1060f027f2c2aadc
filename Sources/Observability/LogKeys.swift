/// The metadata keys of the log: what stands under each is listed here and nowhere else.
///
/// None of them ever holds content, an identity number, a name, or text from a peer.
package enum LogKeys {
    /// The gateway's own random id of a transaction, 32 hexadecimal digits.
    package static let transaction = "shs.transaction"
    /// The sender's tx.id, only when it has the form of a UUID.
    package static let txID = "shs.txid"
    /// Organisation number of the party that asks.
    package static let party = "shs.party"
    /// Number of questions, that is persons, in the message.
    package static let questions = "shs.questions"
    /// How it ended: `complete`, `partial`, `refused`, or an ending of the correlator.
    package static let outcome = "outcome"
    /// A fault's name, see `Fault`.
    package static let fault = "error.code"
    /// The stage's name, see the life of a message.
    package static let stage = "stage"
    /// A provider's abbreviation.
    package static let provider = "provider"
    /// `SSBT` or `BT`: who is at fault for an error section.
    package static let errorSource = "error.kalla"
    /// The error section's `felkod`, cut to the characters of a code.
    package static let errorCode = "error.felkod"
    /// Whole milliseconds from acceptance to end.
    package static let duration = "duration_ms"
    package static let sectionsData = "sections.data"
    package static let sectionsError = "sections.error"
    /// How often something happened since it was said last.
    package static let count = "count"
    /// A circuit breaker's state: `closed`, `half-open` or `open`.
    package static let breaker = "breaker"
    /// Whether somebody was still waiting for the reply.
    package static let reached = "reached"
    /// Serial number of the signing certificate, hexadecimal.
    package static let signer = "signer.serial"
    package static let queue = "amqp.queue"
    package static let reason = "reason"
    /// The number of the set of certificates.
    package static let snapshot = "trust.snapshot"
    /// How many times this process has taken a set into use.
    package static let generation = "trust.generation"
    /// Why a message or a client was refused: a name from the closed list of reasons.
    package static let trustReason = "trust.reason"
    /// Names of the checks that refused it.
    package static let trustFailed = "trust.failed"
    /// Names of the checks that found something but only warn.
    package static let trustWarned = "trust.warned"
    /// What made a process look at its certificates.
    package static let trigger = "trust.trigger"
    /// SHA-256 of a certificate, hexadecimal.
    package static let fingerprint = "certificate.fingerprint"
    /// What a certificate is for: one of a closed list.
    package static let certificateKind = "certificate.kind"
    /// Subject of one of our own certificates, or of an authority; never of a person.
    package static let subject = "certificate.subject"
    /// The threshold in days that an end has come within; 0 when it has passed.
    package static let threshold = "certificate.threshold"
    /// Whole days until the end of a validity; negative afterwards.
    package static let daysLeft = "certificate.days_left"
    /// Subject of the authority of a revocation list.
    package static let issuer = "revocation.issuer"
    /// `fresh`, `grace` or `stale`, or `missing` for a list that is there no more.
    package static let revocationStage = "revocation.stage"
    /// When a list runs out, RFC 3339, UTC.
    package static let nextUpdate = "revocation.next_update"
    /// `yes` when the same transfer was seen before.
    package static let isRepeat = "repeat"
    /// A file of the audit record, below its role's folder.
    package static let recordFile = "record.file"
    package static let recordEntries = "record.entries"
    /// SHA-256 that the file's chain ends with, hexadecimal.
    package static let recordHead = "record.head"
    /// Bytes of a last line that was cut short.
    package static let recordTorn = "record.torn"
    /// Entries that were counted and are not there.
    package static let recordMissing = "record.missing"
    /// What was being done when something failed: one of a closed list.
    package static let operation = "operation"
    /// A sealing epoch, as `lane/number`.
    package static let epoch = "shs.keyring.epoch"
}

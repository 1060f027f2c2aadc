package import Trust

/// Every limit and interval of the revocation service, with the reason for its default.
package struct RevocationConfiguration: Sendable {
    /// Places of lists by the issuer's subject (RFC 4514), beside those that certificates name: `http` and `https`
    /// addresses or paths of files, PEM or DER.
    package var lists: [String: [String]] = [:]
    /// OCSP responders by the issuer's subject; its certificates are then asked for one by one, and no list of it is
    /// looked for.
    package var responders: [String: [String]] = [:]
    /// Whether the places that certificates themselves name are asked.
    ///
    /// Off where the network allows nothing but the
    /// configured ones.
    package var followsCertificates = true

    /// How often a place of lists is asked for a newer one.
    ///
    /// A revocation has to be in force within 60 s of its list being published. With `ETag` or `Last-Modified`, and for
    /// files, the answer is mostly that nothing is new.
    package var pollInterval: Duration = .seconds(30)
    /// How often a responder is asked anew about a certificate whose issuer has no lists; earlier when the answer runs out
    /// before that.
    ///
    /// For the same 60 s, so validities of a day do not matter: only a new answer says that something is revoked.
    package var answerInterval: Duration = .seconds(30)
    /// Lists above this many bytes are not fetched at `pollInterval` from a server that cannot say that nothing is
    /// new, but at a share of their validity.
    package var cheapListBytes = 1_024 * 1_024
    /// The share of its validity after which an answer or a costly list is fetched again at the latest: at half, the
    /// other half is left for a place that is away.
    package var refreshShare = 0.5
    /// Nothing is left unasked for longer: answers without `nextUpdate` and year-long validities.
    package var longestInterval: Duration = .seconds(600)
    /// After a first failure; it doubles with each further one.
    package var firstRetry: Duration = .seconds(5)
    /// The failures' upper end: a place that is back is used within a minute.
    package var longestRetry: Duration = .seconds(60)
    /// By how much of an interval a fetch may come earlier, at random, so that processes do not ask all at once.
    package var jitterShare = 0.1
    /// How often the authorities and seen certificates are asked for anew.
    package var interestInterval: Duration = .seconds(10)
    /// How often the schedule is looked at; it adds to every other delay.
    package var tick: Duration = .seconds(1)

    /// For one fetch in all, from the name's resolution to the last byte: a place that hangs holds one of
    /// `concurrentFetches` for this long.
    package var fetchTimeout: Duration = .seconds(20)
    /// A connection that takes longer comes to nothing.
    package var connectTimeout: Duration = .seconds(5)
    /// The largest list: those of large authorities have some megabytes.
    ///
    /// Parsed, a list takes about ten times as much.
    package var maximumListBytes = 32 * 1_024 * 1_024
    /// The largest OCSP response: one answer with its signer's certificates has 2 to 5 KiB.
    package var maximumResponseBytes = 64 * 1_024
    /// A bound for memory: this many lists may be read at the same time.
    package var concurrentFetches = 4
    /// More places than these are not asked: a set has some ten issuers.
    package var maximumSources = 12_000
    /// More seen certificates than these are not looked at: 290 municipalities with a handful of certificates each.
    package var maximumCertificates = 10_000
    /// More lists than these are not held.
    package var maximumLists = 1_024

    /// Where lists and answers are kept for the next start; nil keeps them in memory only.
    package var folder: String?
    /// The folder does not grow beyond this many bytes.
    package var maximumFolderBytes = 512 * 1_024 * 1_024
    /// A file that no process has used for so long is removed: its authority has left the set, or nobody shows the
    /// certificate any more.
    ///
    /// Not at once: another process may still run with the old set, and a set that is taken back has its lists again.
    /// What is used is touched once a day, so that this may not be less than two.
    package var unusedKept: Duration = .seconds(7 * 86_400)
    /// How often such files are looked for, and so when for the first time: every process has used its own by then.
    package var tidyInterval: Duration = .seconds(3_600)

    /// The weakest algorithms of lists and answers.
    package var algorithms = AlgorithmFloor()
    /// How many seconds an issuer's clock may be ahead of ours.
    package var clockSkewAllowance: Int64 = 60
    /// Seconds after its end during which a list or an answer still counts, with a warning.
    package var grace: Int64 = 0

    package init() {}
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 { self.components.seconds * 1_000 + self.components.attoseconds / 1_000_000_000_000_000 }
}

/// What a question to LEFI says when the asker leaves it to the gateway.
package struct LEFISettings: Sendable, Equatable {
    /// Who asks, by the identifier that LEFI gave.
    package let actorID: String
    package let groups: LEFIGroups

    package init(actorID: String, groups: LEFIGroups = .all) {
        self.actorID = actorID
        self.groups = groups
    }
}

/// The groups of information that LEFI version 9 can be asked for; at least one, or LEFI refuses the question.
package struct LEFIGroups: Sendable, Equatable {
    /// The arrays of the question, in the order of LEFI's description, each with the codes asked for.
    let members: [(name: String, codes: [String])]

    /// Nil when there is no code at all, or one that LEFI does not have in that group.
    package init?(_ codes: [String: [String]]) {
        guard codes.keys.allSatisfy({ name in Self.known.contains { $0.name == name } }) else { return nil }
        for (name, known) in Self.known where !(codes[name] ?? []).allSatisfy(known.contains) { return nil }
        self.members = Self.known.map { ($0.name, codes[$0.name] ?? []) }
        guard self.members.contains(where: { !$0.codes.isEmpty }) else { return nil }
    }

    private init(everything: Void) {
        self.members = Self.known
    }

    /// Everything there is; what the asker may not see, LEFI leaves out and says so.
    package static let all = LEFIGroups(everything: ())

    package static func == (left: LEFIGroups, right: LEFIGroups) -> Bool {
        left.members.elementsEqual(right.members) { $0.name == $1.name && $0.codes == $1.codes }
    }

    /// The names that configuration may use, each with its codes.
    package static let known: [(name: String, codes: [String])] = [
        ("formansinformation", benefits),
        ("ansprak", pensions),
        ("beslut", pensions),
        ("preliminaraUtbetalningar", benefits + pensions),
        ("utbetalningar", benefits + pensions),
        ("ovrigInformation", ["FK:GEPI", "FK:PANV", "FK:SGI", "FK:SKUP", "FK:STAV", "PM:LINT", "PM:PBH", "PM:PU"]),
    ]

    private static let benefits = [
        "FK:ABB", "FK:AP", "FK:AS", "FK:BOB", "FK:BST", "FK:BTI", "FK:DPE", "FK:EJO", "FK:ET", "FK:FP", "FK:FSJP",
        "FK:GP",
        "FK:HE", "FK:MABB", "FK:MEK", "FK:NP", "FK:OMV", "FK:PJOB", "FK:PROG", "FK:RBE", "FK:SA", "FK:SBP", "FK:SJP",
        "FK:TFP", "FK:US", "FK:VB", "FK:YL",
    ]
    private static let pensions = ["PM:AP", "PM:BTI", "PM:EF"]
}

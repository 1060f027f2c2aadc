/// Försäkringskassan's LEFI v9 with Pensionsmyndigheten behind it, as far as a municipality asks.
///
/// `POST /lefi-extern-formansinformation/v9/aktorer/{aktorsId}/formansinformation/fraga`. Answers hold only the
/// groups that were asked for. Three levels can fail: the whole question (400, 403, 500), one of the two authorities
/// (`tillstand`), and one information group (`avvikelser`; never for groups of an authority that is away).
enum SimulatedSocialInsurance {
    /// An HTTP status and its body.
    struct Reply: Sendable {
        let status: Int
        let body: [UInt8]
    }

    /// The actor that the simulator does not know: asked for, it answers 403.
    static let unknownActor = "00000000-0000-0000-0000-000000000000"

    static func reply(path: String, body: [UInt8]) -> Reply {
        let parts = path.split(separator: "/")
        guard parts.count >= 3, parts.suffix(2) == ["formansinformation", "fraga"],
            let actors = parts.firstIndex(of: "aktorer"), actors + 1 < parts.count
        else { return self.failure(404, "Okänd resurs.") }
        guard parts.contains("lefi-extern-formansinformation"), parts.contains("v9") else {
            return self.failure(400, "Okänd version av tjänsten.")
        }
        guard parts[actors + 1] != self.unknownActor else {
            return self.failure(403, "Aktören är okänd eller får inte företrädas.")
        }
        guard let request = LEFIRequest(body), let from = CalendarDay(request.from),
            let to = CalendarDay(request.to), from <= to
        else { return self.failure(400, "Frågan kan inte tolkas.") }
        guard !request.groups.isEmpty else {
            return self.failure(400, "Minst en förmånsgrupp eller typ av övrig information måste anges.", at: to)
        }
        guard to < from.adding(months: 24) || to == from.adding(months: 24) else {
            return self.failure(400, "Perioden får inte vara längre än två år.", at: to)
        }
        guard let person = SimulatedPerson(digits: request.digits) else {
            return self.failure(400, "Personnumret är inte giltigt.", at: to)
        }
        return Reply(status: 200, body: self.answer(to: request, about: person, SimulatedPeriod(first: from, last: to)))
    }

    /// The body of a refusal (`LefiFelsvar`) with the time of the question, since the simulator has no clock.
    static func failure(
        _ status: Int, _ message: String, at day: CalendarDay = SimulatedPeriod.unspecified.last
    ) -> Reply {
        let body: SimulatedJSON = ["meddelande": .string(message), "timestamp": "\(day.text)T12:00:00+01:00"]
        return Reply(status: status, body: body.bytes)
    }

    static func answer(to request: LEFIRequest, about person: SimulatedPerson, _ period: SimulatedPeriod) -> [UInt8] {
        let asksInsurance = request.groups.contains { $0.code.hasPrefix("FK:") }
        let asksPension = request.groups.contains { $0.code.hasPrefix("PM:") }
        let pensionAway = person.has(.pensionAuthorityAway)
        var members: [(String, SimulatedJSON)] = []

        var authorities: [SimulatedJSON] = []
        if asksInsurance { authorities.append(self.authority("FK", "Försäkringskassan", away: false)) }
        if asksPension { authorities.append(self.authority("PM", "Pensionsmyndigheten", away: pensionAway)) }
        members.append(("utlamnare", .array(authorities)))

        let failed =
            person.has(.groupFailed) ? request.groups.first { $0.code.hasPrefix("FK:") && $0.code != "FK:GEPI" } : nil
        members.append(("avvikelser", failed.map { self.deviation($0.informationClass, $0.code) } ?? [:]))
        if asksInsurance {
            let benefits = SimulatedBenefits(person: person, period: period, request: request, failed: failed?.code)
            members.append(("formansinformation", benefits.information))
        }
        if asksPension, !pensionAway {
            members.append(contentsOf: SimulatedPensions(person: person, period: period, request: request).members)
        }
        return SimulatedJSON.object(members).bytes
    }

    private static func authority(_ code: String, _ name: String, away: Bool) -> SimulatedJSON {
        [
            "utlamnare": ["kod": .string(code), "namn": .string(name)],
            "tillstand": [
                "kod": away ? "OTILLGANGLIG" : "OK", "beskrivning": away ? "Ej tillgänglig" : "Tillgänglig",
            ],
        ]
    }

    private static func deviation(_ informationClass: String, _ code: String) -> SimulatedJSON {
        let group = informationClass == "ovrigInformation" ? "ovrigInformationstyp" : "formansgrupp"
        let deviation: SimulatedJSON = ["kod": "INTERNT_FEL", "beskrivning": "Ett delsystem svarade inte."]
        let which: SimulatedJSON = ["kod": .string(code), "beskrivning": .string(self.title(of: code))]
        return .object([(informationClass, .array([.object([("avvikelse", deviation), (group, which)])]))])
    }

    private static func title(of code: String) -> String {
        self.titles[code] ?? code
    }

    private static let titles = [
        "FK:ABB": "Barnbidrag", "FK:AP": "Allmän pension", "FK:AS": "Aktivitetsstöd", "FK:BOB": "Bostadsbidrag",
        "FK:BST": "Bostadstillägg", "FK:FP": "Föräldrapenning", "FK:MABB": "Mottagare av barnbidrag",
        "FK:SA": "Sjuk- och aktivitetsersättning", "FK:SJP": "Sjukpenning", "FK:US": "Underhållsstöd",
        "FK:GEPI": "Generell personinformation", "FK:SGI": "Sjukpenninggrundande inkomst",
        "FK:TFP": "Tillfällig föräldrapenning", "FK:RBE": "Rehabiliteringsersättning",
    ]
}

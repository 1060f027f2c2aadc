/// Försäkringskassan's part of a LEFI answer: `formansinformation`, in the order and with the names of LEFI v9.
struct SimulatedBenefits: Sendable {
    let person: SimulatedPerson
    let period: SimulatedPeriod
    let request: LEFIRequest
    /// The group that could not be fetched, and is therefore missing.
    let failed: String?

    var information: SimulatedJSON {
        var members: [(String, SimulatedJSON)] = []
        // Nobody is known to Försäkringskassan who is known to no one.
        if self.request.asks("FK:GEPI", in: "ovrigInformation"), !self.person.traits.isEmpty {
            members.append(("generellPersoninformation", [SimulatedPersonInformation(person: self.person).value]))
        }
        func add(_ code: String, _ trait: SimulatedPersonTraits, _ key: String, _ matters: () -> [SimulatedJSON]) {
            guard self.request.asks(code, in: "formansinformation"), self.failed != code, self.person.has(trait) else {
                return
            }
            members.append((key, .array(matters())))
        }
        add("FK:AS", .activitySupport, "aktivitetsstodsarende") {
            [self.matter("AS", "Aktivitetsstöd", monthly: 9_636)]
        }
        add("FK:ABB", .childAllowance, "barnbidragsarende") {
            self.childAllowances("barn", ["skolgang": true, "myndighetsplacering": false])
        }
        add("FK:BOB", .housingAllowance, "bostadsbidragsarende") { [self.housing] }
        add("FK:MABB", .childAllowance, "mottagareavbarnbidrag") {
            self.childAllowances("personuppgift", ["skolgang": true, "tvaBidragsmottagare": false])
        }
        add("FK:FP", .parentalBenefit, "foraldrapenningarende") { [self.parental] }
        if self.request.asks("FK:FP", in: "preliminaraUtbetalningar"), self.person.has(.parentalBenefit) {
            members.append(
                ("preliminarautbetalningar", [self.payment("FP", "Föräldrapenning", self.period.last.day(25), 9_450)]))
        }
        add("FK:SA", .sicknessCompensation, "sjukOchAktivitetsersattningsarende") {
            [self.matter("SA", "Sjukersättning", monthly: 12_250)]
        }
        add("FK:SJP", .sicknessBenefit, "sjukpenningarende") { [self.sickness] }
        if self.request.asks("FK:SGI", in: "ovrigInformation"), self.failed != "FK:SGI", self.person.has(.income) {
            members.append(("sjukpenninggrundandeInkomstuppgift", [self.sicknessIncome]))
        }
        add("FK:US", .maintenanceSupport, "underhallsstodsmottag") {
            self.person.children.map { self.matter("US", "Underhållsstöd", monthly: 1_673, child: $0) }
        }
        let payments = self.payments
        if !payments.isEmpty { members.append(("utbetalningsuppgift", .array(payments))) }
        return .object(members)
    }

    private static func amount(_ kronor: Int) -> SimulatedJSON { ["summa": .number(kronor), "valuta": "SEK"] }

    private static func code(_ id: String, _ text: String) -> SimulatedJSON {
        ["id": .string(id), "beskrivning": .string(text)]
    }

    private static let monthly: SimulatedJSON = ["id": 1, "beskrivning": "Månadsvis"]
    private static let whole: SimulatedJSON = ["taljare": 1, "namnare": 1]

    /// A matter with one decision that pays a monthly amount, which is what most benefits look like.
    private func matter(
        _ id: String, _ name: String, monthly: Int, child: SimulatedPerson.Child? = nil
    ) -> SimulatedJSON {
        let started = self.period.first.adding(days: -75)
        var members: [(String, SimulatedJSON)] = [
            ("startades", .string(started.text)), ("aktivt", true), ("avslaget", false),
        ]
        if let child { members.append(("grunduppgifter", ["barn": SimulatedPersonInformation.child(child)])) }
        members.append(
            (
                "beslut",
                [
                    [
                        "fattades": .string(started.adding(days: 30).text), "definitivt": true,
                        "forman": Self.code(id, name), "periodicitet": Self.monthly,
                        "period": ["fran": .string(self.period.first.adding(months: -1).day(1).text)],
                        "beslutatBruttobelopp": Self.amount(monthly),
                    ]
                ]
            ))
        return .object(members)
    }

    private func childAllowances(_ who: String, _ basis: SimulatedJSON) -> [SimulatedJSON] {
        self.person.children.map { child in
            let decision: SimulatedJSON = [
                "fattades": .string(child.birth.adding(days: 21).text), "definitivt": true,
                "forman": Self.code("BB", "Barnbidrag"), "periodicitet": Self.monthly,
                "period": ["fran": .string(child.birth.adding(months: 1).day(1).text)],
                "beslutatBruttobelopp": Self.amount(1_250), "underlag": basis,
            ]
            let subject = SimulatedJSON.object([(who, SimulatedPersonInformation.child(child))])
            return ["grunduppgifter": subject, "beslut": [decision]]
        }
    }

    private var housing: SimulatedJSON {
        var generator = self.person.generator("BOB")
        return [
            "startades": .string(self.period.first.adding(days: -120).text), "aktivt": true, "avslaget": false,
            "beslut": [
                [
                    "fattades": .string(self.period.first.adding(days: -80).text), "definitivt": false,
                    "forman": Self.code("BOB", "Bostadsbidrag"),
                    "delforman": Self.code("BOB", "Bostadsbidrag till barnfamilj"),
                    "periodicitet": Self.monthly,
                    "period": [
                        "fran": .string(self.period.first.day(1).text),
                        "till": .string(self.period.first.adding(months: 11).day(31).text),
                    ],
                    "beslutatBruttobelopp": Self.amount(generator.number(5...42) * 100),
                    "underlag": [
                        "totalBostadskostnad": Self.amount(generator.number(48...125) * 100),
                        "hemmavarandeBarn": .array(self.person.children.map(SimulatedPersonInformation.child)),
                    ],
                ]
            ],
        ]
    }

    private var parental: SimulatedJSON {
        let from = self.period.first
        let to = self.period.clamped(from.adding(days: 13))
        let days = to.number - from.number + 1
        return [
            "startades": .string(from.adding(days: -40).text), "aktivt": true, "avslaget": false,
            "grunduppgifter": ["barn": self.person.children.first.map(SimulatedPersonInformation.child) ?? [:]],
            "beslut": [
                [
                    "fattades": .string(from.adding(days: -5).text), "definitivt": true,
                    "forman": Self.code("FP", "Föräldrapenning"),
                    "period": ["fran": .string(from.text), "till": .string(to.text)], "omfattning": Self.whole,
                    "dagar": .number(days), "ersattning": ["id": 3, "beskrivning": "Vanliga dagar"],
                    "ersattningsdagar": [
                        [
                            "dag": .string(from.text), "niva": Self.code("S", "Sjukpenningsnivå"),
                            "bruttobelopp": Self.amount(675),
                        ]
                    ],
                ]
            ],
        ]
    }

    private var sickness: SimulatedJSON {
        var generator = self.person.generator("SJP")
        let from = self.period.first.adding(days: -generator.number(0...25))
        let to = from.adding(days: generator.number(6...60))
        return [
            "startades": .string(from.text), "aktivt": .boolean(to > self.period.last),
            "beslut": [
                [
                    "fattades": .string(from.adding(days: 12).text), "definitivt": true,
                    "forman": Self.code("SJP", "Sjukpenning"),
                    "period": ["fran": .string(from.text), "till": .string(to.text)],
                    "omfattning": generator.chance(0.6) ? Self.whole : ["taljare": 1, "namnare": 2],
                    "dagar": .number(to.number - from.number + 1), "karens": false, "beslutsutfall": "BEVILJAN",
                    "beslutstyp": "SLUTLIGT", "ersattningsniva": "NORMAL",
                ]
            ],
        ]
    }

    private var sicknessIncome: SimulatedJSON {
        [
            "faststalldes": .string(self.period.first.adding(months: -14).text),
            "typ": ["id": 0, "beskrivning": "A- eller B-inkomst"], "anstallning": Self.amount(self.person.yearlyIncome),
            "verksamhet": Self.amount(0), "dagar": 260, "timmar": 2_080,
        ]
    }

    /// One payment per month and benefit that is paid and asked for.
    private var payments: [SimulatedJSON] {
        let kinds: [(SimulatedPersonTraits, String, String, Int, Int)] = [
            (.sicknessBenefit, "SJP", "Sjukpenning", 25, 14_320),
            (.parentalBenefit, "FP", "Föräldrapenning", 25, 9_450),
            (.childAllowance, "ABB", "Barnbidrag", 20, 1_250 * max(1, self.person.children.count)),
            (.housingAllowance, "BOB", "Bostadsbidrag", 27, 2_100),
            (.sicknessCompensation, "SA", "Sjukersättning", 18, 12_250),
            (.maintenanceSupport, "US", "Underhållsstöd", 25, 1_673 * max(1, self.person.children.count)),
            (.activitySupport, "AS", "Aktivitetsstöd", 25, 9_636),
        ]
        return kinds.flatMap { trait, id, name, day, gross -> [SimulatedJSON] in
            guard self.person.has(trait), self.failed != "FK:\(id)", self.request.asks("FK:\(id)", in: "utbetalningar")
            else {
                return []
            }
            return self.period.months.map { self.payment(id, name, $0.day(day).bankingDay, gross) }
        }
    }

    private func payment(_ id: String, _ name: String, _ day: CalendarDay, _ gross: Int) -> SimulatedJSON {
        let untaxed = ["ABB", "BOB", "US"].contains(id)
        let tax = untaxed ? 0 : gross * 30 / 100
        let period: SimulatedJSON = ["fran": .string(day.day(1).text), "till": .string(day.day(31).text)]
        return [
            "typ": ["id": 1, "beskrivning": "Månad"], "foretag": ["id": 1_001, "beskrivning": "Försäkringskassan"],
            "formansfamilj": Self.code(id, name), "datum": .string(day.text), "period": period,
            "bruttobelopp": Self.amount(gross), "skattebelopp": Self.amount(tax), "avdragsbelopp": Self.amount(tax),
            "nettobelopp": Self.amount(gross - tax),
            "utbetalningsdetalj": [
                [
                    "forman": Self.code(id, name), "period": period, "beloppstyp": Self.code(id, name),
                    "omfattning": Self.whole, "bruttobelopp": Self.amount(gross),
                ]
            ],
        ]
    }
}

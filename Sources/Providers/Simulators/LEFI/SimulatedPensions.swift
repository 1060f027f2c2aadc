/// Pensionsmyndigheten's part of a LEFI answer: `ansprak`, `beslut` and `utbetalningar` in its own information model.
struct SimulatedPensions: Sendable {
    let person: SimulatedPerson
    let period: SimulatedPeriod
    let request: LEFIRequest

    var members: [(String, SimulatedJSON)] {
        guard self.person.has(.pension) else { return [] }
        var members: [(String, SimulatedJSON)] = []
        if self.request.asks("PM:AP", in: "ansprak") { members.append(("ansprak", [self.claim])) }
        if self.request.asks("PM:AP", in: "beslut") { members.append(("beslut", [self.decision])) }
        if self.request.asks("PM:AP", in: "preliminaraUtbetalningar") {
            members.append(("preliminaraUtbetalningar", [self.payment(self.period.last.adding(months: 1).day(1))]))
        }
        if self.request.asks("PM:AP", in: "utbetalningar") {
            members.append(("utbetalningar", .array(self.period.months.map(self.payment))))
        }
        return members
    }

    private static let group: SimulatedJSON = ["kod": "PM:AP", "beskrivning": "Allmän pension"]

    /// The month in which the person turned 66.
    private var retirement: CalendarDay { self.person.birth.adding(months: 66 * 12).day(1) }

    /// Income pension of a month in whole kronor.
    private var incomePension: Int { 6_000 + self.person.yearlyIncome / 60 }

    private var reference: String {
        var generator = self.person.generator("PM")
        return String(generator.number(10_000_000...99_999_999))
    }

    private var claim: SimulatedJSON {
        [
            "ansprakid": .string(self.reference), "ankomstdatum": .string(self.retirement.adding(days: -70).text),
            "formansgrupp": Self.group, "yrkadPeriod": ["from": .string(self.retirement.text)],
        ]
    }

    private var decision: SimulatedJSON {
        [
            "beslutsid": .string(self.reference), "beslutsdatum": .string(self.retirement.adding(days: -20).text),
            "formansgrupp": Self.group,
            "beslutsstatus": ["kod": "SLUTLIGT", "beskrivning": "Slutligt"],
            "beslutsutfall": ["kod": "BIFALL", "beskrivning": "Bifall"],
            "beslutadErsattning": [
                [
                    "beslutatBelopp": [
                        "belopp": .number(self.incomePension),
                        "beloppsfrekvens": ["kod": "MANAD", "beskrivning": "Månad"],
                    ],
                    "period": ["from": .string(self.retirement.text)],
                    "ersattningstyp": ["kod": "PM:IP", "beskrivning": "Inkomstpension"], "omfattning": 1,
                ]
            ],
        ]
    }

    private func payment(_ month: CalendarDay) -> SimulatedJSON {
        let income = self.incomePension
        let supplement = 1_350
        let tax = (income + supplement) * 22 / 100
        let paid = month.day(19).bankingDay
        return [
            "utbetalningsdatum": .string(paid.text),
            "utbetalningsperiod": ["from": .string(month.day(1).text), "tom": .string(month.day(31).text)],
            "bruttobelopp": .number(income + supplement), "nettobelopp": .number(income + supplement - tax),
            "avdrag": [["belopp": .number(tax), "avdragstyp": ["kod": "PM:PS", "beskrivning": "Preliminär skatt"]]],
            "utbetalningsrader": [
                self.row(income, "PM:IP", "Inkomstpension"), self.row(supplement, "PM:TP", "Tilläggspension"),
            ],
        ]
    }

    private func row(_ amount: Int, _ code: String, _ title: String) -> SimulatedJSON {
        [
            "formansgrupp": Self.group, "belopp": .number(amount),
            "utbetalningsforman": ["kod": "PM:AP38", "beskrivning": "Ålderspension"],
            "beloppstyp": ["kod": .string(code), "beskrivning": .string(title)],
        ]
    }
}

/// `LefiPersoninformation`: who the person is, as far as that may be told.
///
/// `skyddad` is always written, and a protected person has neither address nor registration.
struct SimulatedPersonInformation: Sendable {
    let person: SimulatedPerson

    var value: SimulatedJSON {
        let person = self.person
        var members: [(String, SimulatedJSON)] = [
            ("personnummer", .string(person.digits)), ("foddes", .string(person.birth.text)),
        ]
        if !person.isProtected { members.append(("namn", .string("\(person.familyName), \(person.givenName)"))) }
        members.append(("skyddad", .boolean(person.isProtected)))
        if !person.isProtected {
            members.append(
                (
                    "adress",
                    [
                        [
                            "roller": [["id": 1, "beskrivning": "Folkbokföringsadress"]],
                            "utdelningadress": [.string(person.street)], "postnummer": .string(person.town.postalCode),
                            "postort": .string(person.town.town), "land": Self.country("SE", "SVERIGE"),
                        ]
                    ]
                ))
        }
        if !person.children.isEmpty { members.append(("barn", .array(person.children.map(Self.child)))) }
        var generator = person.generator("civil status")
        members.append(
            (
                "civilstand",
                generator.pick([
                    ["id": 1, "beskrivning": "Ogift"], ["id": 2, "beskrivning": "Gift"],
                    ["id": 5, "beskrivning": "Skild"],
                    ["id": 7, "beskrivning": "Änka/Änkeman"],
                ])
            ))
        if !person.isProtected, !person.hasCoordinationNumber {
            members.append(
                (
                    "folkbokford",
                    [
                        [
                            "lan": .string(person.town.county), "kommun": .string(person.town.municipality),
                        ]
                    ]
                ))
        }
        let citizenship = person.citizenship ?? ("SE", "SVERIGE")
        members.append(("medborgarskap", [["land": Self.country(citizenship.code, citizenship.name)]]))
        return .object(members)
    }

    static func child(_ child: SimulatedPerson.Child) -> SimulatedJSON {
        ["personnummer": .string(child.digits), "foddes": .string(child.birth.text), "namn": .string(child.name)]
    }

    private static func country(_ code: String, _ name: String) -> SimulatedJSON {
        ["kod": .string(code), "namn": .string(name)]
    }
}

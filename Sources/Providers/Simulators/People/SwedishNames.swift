/// Names, streets and towns for simulated people: common Swedish ones, with the letters that break careless software.
enum SwedishNames {
    static let women = [
        "Åsa", "Märta", "Anna-Karin", "Björg", "Elin", "Fatima", "Gunnel", "Hjördis", "Ingegärd", "Jasmin", "Kerstin",
        "Linnéa", "Maj-Britt", "Nour", "Sölvi", "Ylva", "Zahra", "Ängla", "Östra", "Renée", "Siv", "Tove", "Ulrika",
        "Viveca",
    ]
    static let men = [
        "Örjan", "Åke", "Björn", "Göran", "Håkan", "Jörgen", "Kåre", "Lars-Göran", "Måns", "Pär", "Sören", "Torbjörn",
        "Ahmed", "Emil", "Mohammed", "Nils-Åke", "Oskar", "Rene", "Sten-Åke", "Tage", "Väinö", "Yusuf", "Östen",
        "André",
    ]
    static let family = [
        "Åkesson", "Öberg", "Ängström", "Björklund", "Sjöström", "Lindström", "Göransson", "Håkansson", "Mårtensson",
        "Nordström", "Söderberg", "Törnqvist", "Åberg", "Hägglund", "Bäckström", "Löfgren", "Engström", "Sjögren",
        "al-Khatib", "Hussein", "Nguyen", "von Döbeln", "O'Connor", "Järvinen", "Kovačević", "Lööf", "Ståhl",
        "Grönlund",
        "Wååk", "Nyström",
    ]
    static let streets = [
        "Storgatan", "Skolgatan", "Björkvägen", "Åsgatan", "Sjötullsgatan", "Östra Långgatan", "Älgstigen",
        "Kyrkogårdsgatan", "Södra Järnvägsgatan", "Rönnvägen", "Hökvägen", "Norra Ågatan",
    ]
    /// Postal code, town, and the codes of county and municipality.
    static let towns: [(postalCode: String, town: String, county: String, municipality: String)] = [
        ("85230", "SUNDSVALL", "22", "81"), ("75310", "UPPSALA", "03", "80"), ("70210", "ÖREBRO", "18", "80"),
        ("83130", "ÖSTERSUND", "23", "80"), ("21119", "MALMÖ", "12", "80"), ("90325", "UMEÅ", "24", "80"),
        ("58222", "LINKÖPING", "05", "80"), ("37134", "KARLSKRONA", "10", "80"), ("15131", "SÖDERTÄLJE", "01", "81"),
        ("95131", "LULEÅ", "25", "80"), ("54130", "SKÖVDE", "14", "96"), ("26131", "LANDSKRONA", "12", "82"),
        ("38230", "NYBRO", "08", "81"), ("86131", "TIMRÅ", "22", "62"),
    ]
    static let unemploymentFunds = [
        "Kommunals a-kassa", "Alfa-kassan", "Unionens a-kassa", "IF Metalls a-kassa", "Akademikernas a-kassa",
        "Handelsanställdas a-kassa", "Byggnadsarbetarnas a-kassa", "Transportarbetarnas a-kassa", "Lärarnas a-kassa",
        "Hotell- och restauranganställdas a-kassa", "Livsmedelsarbetarnas a-kassa", "Elektrikernas a-kassa",
        "Fastighetsanställdas a-kassa", "Säljarnas a-kassa", "Småföretagarnas a-kassa", "ST:s a-kassa",
    ]
    static let countries: [(code: String, name: String)] = [
        ("SY", "SYRIEN"), ("SO", "SOMALIA"), ("UA", "UKRAINA"), ("AF", "AFGHANISTAN"), ("IQ", "IRAK"),
        ("ER", "ERITREA"), ("IR", "IRAN"), ("TR", "TURKIET"), ("CO", "COLOMBIA"),
    ]
    static let cars: [(make: String, models: [String])] = [
        ("VOLVO", ["V70", "XC60", "V40"]), ("SAAB", ["9-3", "9-5"]), ("VOLKSWAGEN", ["GOLF", "PASSAT VARIANT"]),
        ("TOYOTA", ["YARIS", "COROLLA"]), ("ŠKODA", ["OCTAVIA", "FABIA"]), ("CITROËN", ["C3", "BERLINGO"]),
        ("KIA", ["CEE'D", "NIRO"]),
    ]
}

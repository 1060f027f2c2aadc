import Audit

extension RecordConfiguration {
    /// Keys below `audit`; the reasons for the defaults stand in Config/gateway.yaml.
    init(_ settings: SettingsReader) {
        self.init()
        self.directory = settings.string("audit.directory", default: self.directory)
        self.pseudonymKeys = settings.string("audit.pseudonymKeys", default: self.pseudonymKeys)
        self.sealEvery = settings.duration(
            "audit.sealEvery", default: self.sealEvery, in: .seconds(1)...(.seconds(86_400)))
        self.maximumBytes = settings.int(
            "audit.maximumFileBytes", default: self.maximumBytes, in: 4_096...(1 << 30))
        self.syncEvery = settings.duration(
            "audit.syncEvery", default: self.syncEvery, in: .milliseconds(10)...(.seconds(60)))
        self.countEvery = settings.duration(
            "audit.countEvery", default: self.countEvery, in: .seconds(1)...(.seconds(3_600)))
        self.countedApart = settings.int("audit.countedApart", default: self.countedApart, in: 1...100_000)
        self.retention = settings.duration(
            "audit.retention", default: self.retention, in: .seconds(86_400)...(.seconds(100 * 366 * 86_400)))
    }
}

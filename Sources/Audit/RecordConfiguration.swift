/// How the record is kept; the reasons for the defaults stand in Config/gateway.yaml.
package struct RecordConfiguration: Sendable {
    /// Has one folder per role.
    package var directory = "/var/lib/shs-gateway/record"
    /// Folder with the keys of pseudonyms.
    package var pseudonymKeys = "/var/lib/shs-gateway/pseudonym-keys"
    /// A file is sealed so long after its first entry.
    package var sealEvery = Duration.seconds(3_600)
    /// A file is sealed when it is larger.
    package var maximumBytes = 64 << 20
    /// How often entries are made to outlive a loss of power.
    package var syncEvery = Duration.seconds(1)
    /// Between two entries that count the same.
    package var countEvery = Duration.seconds(60)
    /// So many different pairs of a client and a reason have entries of their own within that time.
    package var countedApart = 200
    /// How long a sealed file is kept.
    package var retention = Duration.seconds(5 * 8_766 * 3_600)

    package init() {}
}

import Gateway
import HTTPIngress

/// Has the record count what the HTTPS endpoint refuses on its own account.
struct RefusalRecord: RefusalNoting {
    let record: any RecordKeeping
    let clients: KnownClients

    func refused(_ reason: String, client: [[UInt8]]) {
        let known = self.clients.client(client)
        // A supplier's certificate says nothing about for whom of its customers it was.
        let party = known.parties.count == 1 ? known.parties.first?.organisation : nil
        self.record.count(.turnedAway(reason: reason, Asker(party: party, client: known.certificate)))
    }
}

/// The namespace names of the contract, version 10.
package enum Namespace {
    /// The composite service itself.
    package static let ssbtek = "http://schema.forsakringskassan.se/integration/ssbt/10"
    package static let arbetsformedlingen = "http://api.arbetsformedlingen.se/arbetssokande/ersattningsstod/v2"
    package static let skatteverket = "http://beskattningws.ws.service.bs.zg.rsv.se/"
    package static let samorganisation = "http://INT014.UBPService.Schemas"
    package static let transportstyrelsen = "http://schema.transportstyrelsen.se/ssbtek/hamtauppgifterresponder/1"
    package static let transportstyrelsenPerson = "http://schema.transportstyrelsen.se/ssbtek/person/1"
    package static let transportstyrelsenVehicle = "http://schema.transportstyrelsen.se/ssbtek/fordon/1"
    package static let migrationsverket = "http://schema.migrationsverket.se/ssbtek/1/"
    /// The one that this project gives to its own question documents for CSN and Skatteverket.
    package static let gatewayQuestion = "urn:shs-gateway:fraga:1"
    package static let soapEnvelope = "http://schemas.xmlsoap.org/soap/envelope/"
    package static let schemaInstance = "http://www.w3.org/2001/XMLSchema-instance"
}

extension TrustSnapshot {
    /// Decides about a certificate that was shown, for what it was shown for.
    package func verdict(on shown: ShownCertificate, at instant: Int64) -> CertificateVerdict {
        switch shown.purpose {
        case .client: self.verifyClient(certificatesDER: shown.chain, at: instant)
        case .server: self.verifyServer(certificatesDER: shown.chain, host: shown.serverName ?? "", at: instant)
        case .signer: self.verifySigner(certificatesDER: shown.chain, at: instant)
        }
    }

    /// Makes a signature with the reply key and checks it with the certificate that goes along: the whole way a reply takes.
    package func signsCorrectly(at instant: Int64) -> Bool {
        let content = Array("Content-Type: text/plain\r\n\r\nrehearsal\r\n".utf8)
        guard let signature = try? self.signature(over: content, at: instant),
            let message = try? SignedData(parsing: signature)
        else { return false }
        return message.verifies(detached: content)
    }
}

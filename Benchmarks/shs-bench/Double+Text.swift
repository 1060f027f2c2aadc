import Foundation

extension Double {
    /// With so many digits after the point, and nothing between the thousands.
    func text(_ digits: Int) -> String {
        self.formatted(.number.precision(.fractionLength(digits)).grouping(.never))
    }
}

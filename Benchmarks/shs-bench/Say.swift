import Foundation

/// One line for whoever watches, at once: what is written to a file or a pipe would else come in blocks of some minutes.
func say(_ line: String) {
    print(line)
    fflush(nil)
}

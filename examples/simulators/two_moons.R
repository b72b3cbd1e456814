# Two moons (Greenberg, Nonnenmacher, Macke: Automatic posterior transformation, ICML 2019) as a simulator program in R.

simulate <- function(theta) {
  angle <- runif(1, -pi / 2, pi / 2)
  radius <- rnorm(1, 0.1, 0.01)
  c(radius * cos(angle) + 0.25 - abs(theta[1] + theta[2]) / sqrt(2), radius * sin(angle) + (theta[2] - theta[1]) / sqrt(2))
}

# A row depends on its theta and its seed alone: 62 bits of the seed become the state of L'Ecuyer's generator, whose first numbers,
# which resemble the seed, are dropped.
seed_row <- function(halves) {
  assign(".Random.seed", c(10407L, halves, 1L, halves, 1L), envir = globalenv())
  invisible(runif(16))
}

requests <- file("stdin", "rb")
replies <- file("/dev/stdout", "wb")
RNGkind("L'Ecuyer-CMRG")
whole <- function(count) readBin(requests, "integer", count, size = 4, endian = "little")
repeat {
  magic <- readBin(requests, "raw", 4)
  if (length(magic) == 0) break
  stopifnot(rawToChar(magic) == "AMRQ", whole(1) == 1L)
  batch <- readBin(requests, "raw", 8)
  n <- whole(1)
  d <- whole(1)
  whole(4) # The dataset's seed and the first row's place.
  seeds <- matrix(whole(2 * n), nrow = 2)
  theta <- matrix(readBin(requests, "numeric", n * d, size = 4, endian = "little"), nrow = d)
  # One pattern of bits is no integer for R, and the generator takes no negative ones.
  seeds[is.na(seeds)] <- 0L
  seeds[] <- bitwAnd(seeds, .Machine$integer.max)
  x <- vapply(seq_len(n), function(row) {
    seed_row(seeds[, row])
    simulate(theta[, row])
  }, numeric(2))
  writeBin(charToRaw("AMRP"), replies)
  writeBin(1L, replies, size = 4, endian = "little")
  writeBin(batch, replies)
  writeBin(c(n, nrow(x)), replies, size = 4, endian = "little")
  writeBin(as.vector(x), replies, size = 4, endian = "little")
  flush(replies)
}

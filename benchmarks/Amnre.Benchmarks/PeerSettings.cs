using System.Globalization;

namespace Amnre.Benchmarks;

/// <summary>How PyTorch runs as a peer: which of the installed BLAS libraries, and how many threads of each kind.</summary>
/// <param name="Blas">Name of the library.</param>
/// <param name="Folder">Where it lies.</param>
internal sealed record PeerSettings(string Blas, string Folder)
{
    /// <summary>Where Debian and Ubuntu put each library that can stand in for BLAS.</summary>
    private const string Libraries = "/usr/lib/x86_64-linux-gnu";

    private const int Rows = 2048;

    /// <summary>Environment of a peer of so many threads: OpenMP's and OpenBLAS's own, which never work at the same time, and which sleep
    /// while they wait, so that the processors are not shared by more threads than there are.</summary>
    public IReadOnlyDictionary<string, string> Environment(int threads) => new Dictionary<string, string>
    {
        ["LD_LIBRARY_PATH"] = Folder,
        ["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture),
        ["OPENBLAS_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture),
        ["OMP_WAIT_POLICY"] = "passive",
    };

    /// <summary>The library with the fastest matrix products here, and a line about all of them; null where PyTorch or any BLAS is
    /// missing.</summary>
    public static (PeerSettings? Best, string Line) Choose()
    {
        var rates = new List<(PeerSettings Settings, string Version, double Rate)>();
        foreach (var (name, folder) in new[] { ("OpenBLAS", "openblas-pthread"), ("reference BLAS", "blas") })
        {
            var settings = new PeerSettings(name, Path.Combine(Libraries, folder));
            if (!Directory.Exists(settings.Folder)) continue;
            using var peer = Peer.OfScript("products.py", settings.Environment(1), $"{Rows}");
            if (peer is null) continue;
            var seconds = Pairs.Median(Enumerable.Range(0, Measurement.Repeats).Select(_ => peer.Turn()[0]));
            rates.Add((settings, peer.Version, 20 * 2.0 * Rows * 256 * 256 / seconds));
        }

        if (rates.Count == 0)
            return (null, "No peer: PyTorch is not installed here (eng/provision torch openblas), so nothing is compared.");
        var best = rates.MaxBy(one => one.Rate);
        var products = string.Join(", ",
            rates.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Settings.Blas} {one.Rate / 1e9:0} GFLOP/s")));
        var missing = rates.Any(one => one.Settings.Blas == "OpenBLAS")
            ? ""
            : "; OpenBLAS is not installed (eng/provision openblas), without which PyTorch is not what people use";
        return (best.Settings,
            $"The peer is {best.Version} with {best.Settings.Blas}, a process of its own, OMP_NUM_THREADS and OPENBLAS_NUM_THREADS as " +
            "the row says and OMP_WAIT_POLICY=passive; "
            + $"its products of {Rows}x256x256 on one thread: {products}{missing}.");
    }
}

using System.Diagnostics;
using System.Globalization;
using Amnre.Engine;
using Amnre.Engine.Catalog;
using Amnre.Engine.Rows;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Benchmarks;

/// <summary>A dataset of 2^20 SLCP rows: drawing it on all processors, writing it against h5py, and the whole command.</summary>
internal static class SampleFileBenchmark
{
    private const int Rows = 1 << 20;
    private const int ChunkRows = 1 << 16;

    private static readonly ISimulator Slcp = SimulatorCatalog.Find("SLCP");

    public static IEnumerable<string> Run()
    {
        var (theta, x) = (new float[Rows * Slcp.ThetaSize], new float[Rows * Slcp.ObservationSize]);
        var draw = Measurement.Of(() =>
            new RowSource(Slcp, 0, 0, NonFinitePolicy.Error, RowSource.DefaultBatch, threads: 0)
                .Fill(theta, x, RunContext.Unwatched(CancellationToken.None), _ => { }));
        yield return $"SLCP on {Environment.ProcessorCount} processors: {draw.Rate(Rows / 1e6, "M rows")}";

        var megabytes = (theta.Length + x.Length) * sizeof(float) / 1e6;
        foreach (var (where, folder) in Folders())
        {
            var path = Path.Combine(folder, "ours.h5");
            Write(path, theta, x);
            // The same rows in the same chunks, as the original writes them; and with the digests that ours carries. The first turn warms
            // up.
            using var peer = Peer.OfScript("write_rows.py", new Dictionary<string, string>(), path, Path.Combine(folder, "theirs.h5"),
                $"{ChunkRows}");
            var ours = new List<double>();
            var plain = new List<double>();
            var digested = new List<double>();
            for (var i = 0; i < Measurement.Repeats + 1; i++)
            {
                ours.Add(Pairs.Seconds(() => Write(path, theta, x)));
                if (peer?.Turn() is not [var written, var all]) continue;
                plain.Add(written);
                digested.Add(all);
            }

            Directory.Delete(folder, recursive: true);
            var line = string.Create(CultureInfo.InvariantCulture,
                $"writing it to {where}, digested and synced: {megabytes / Pairs.Median(ours.Skip(1)):0} MB/s");
            yield return plain.Count == 0
                ? $"{line}; no /usr/bin/python3 with h5py to compare with"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{line}; h5py, synced, {megabytes / Pairs.Median(plain.Skip(1)):0} MB/s " +
                        $"({Pairs.Median(plain.Skip(1)) / Pairs.Median(ours.Skip(1)):P0} of its rate), digested too " +
                        $"{megabytes / Pairs.Median(digested.Skip(1)):0} MB/s " +
                        $"({Pairs.Median(digested.Skip(1)) / Pairs.Median(ours.Skip(1)):P0})");
        }

        if (Program() is not { } program)
        {
            yield return "amnre sample: the command was not built beside the benchmarks";
            yield break;
        }

        using var scratch = new ScratchFolder();
        var output = Path.Combine(scratch.Root, "slcp.h5");
        var command = Measurement.Of(
            () => Start(program, "sample", "-simulator", "SLCP", "-seed", "0", "-samples", $"{Rows}", "-o", output));
        var small = Measurement.Of(() => Start(program, "sample", "-simulator", "SLCP", "-seed", "0", "-samples", "8", "-o", output));
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"amnre sample of {Rows} rows, from start to end: {command.Median:0.00} s ({command.Least:0.00} to {command.Most:0.00}); of " +
                $"8 rows {small.Median:0.00} s");
    }

    private static IEnumerable<(string, string)> Folders()
    {
        yield return ("disk", Directory.CreateTempSubdirectory("amnre-benchmark-").FullName);
        if (Directory.Exists("/dev/shm"))
            yield return ("memory", Directory.CreateDirectory($"/dev/shm/amnre-benchmark-{Environment.ProcessId}").FullName);
    }

    private static void Write(string path, float[] theta, float[] x)
    {
        var origin = new SampleOrigin { Simulator = Slcp.Name, Seed = 0, FirstRow = 0, EndRow = Rows };
        using var writer = new SampleFileWriter(path, new SampleLayout(Rows, Slcp.ThetaSize, Slcp.ObservationShape, ChunkRows), origin);
        for (var row = 0; row < Rows; row += ChunkRows)
        {
            writer.Append(
                theta.AsMemory(row * Slcp.ThetaSize, ChunkRows * Slcp.ThetaSize),
                x.AsMemory(row * Slcp.ObservationSize, ChunkRows * Slcp.ObservationSize));
        }

        writer.Complete(origin, null);
    }

    private static void Start(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"amnre {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    /// <summary>The command of the same build.</summary>
    private static string? Program()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return here.Parent?.Parent is { } builds && Path.Combine(builds.FullName, "Amnre.Cli", here.Name, "amnre") is var program
            && File.Exists(program) ? program : null;
    }
}

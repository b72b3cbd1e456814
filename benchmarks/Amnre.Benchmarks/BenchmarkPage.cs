using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Amnre.Engine;

namespace Amnre.Benchmarks;

/// <summary>The page of measured figures: a section for each benchmark, which says when and on what it was measured. A run replaces the
/// sections of what it measured and leaves the others.</summary>
internal static class BenchmarkPage
{
    private const string Head =
        """
        # Benchmarks

        Written by `dotnet run -c Release --project benchmarks/Amnre.Benchmarks -- [NAME…] --document docs/benchmarks.md`; each section says when and on
        what it was measured. Figures are medians of seven runs with the least and the most in brackets, unless a line says otherwise. What
        carries over to another machine is the ratio: to a limit that the same run measures (copying, h5py, matrix products, the bare
        transport), or to the original program. The original's figures are constants: medians of three on a machine of two cores with PyTorch 1.13, OpenBLAS
        0.3.21, Cython and LALSimulation in C; they stand beside the benchmark that quotes them.


        """;

    public static void Write(string path, string name, IReadOnlyList<string> lines, TimeProvider clock)
    {
        var sections = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (File.Exists(path))
            foreach (var section in File.ReadAllText(path).Split("\n## ").Skip(1)) sections[section.Split('\n')[0]] = section.TrimEnd();
        sections[name] = $"{name}\n\n{Origin(clock)}\n\n{string.Join('\n', lines.Select(line => $"- {line}"))}";
        AtomicFile.WriteText(path, Head.TrimEnd() + "\n" + string.Concat(sections.Values.Select(section => $"\n## {section}\n")));
    }

    private static string Origin(TimeProvider clock) => string.Create(CultureInfo.InvariantCulture,
        $"Measured {clock.GetUtcNow():yyyy-MM-dd HH:mm} UTC on {Processor()}, {Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB; {Load()}; {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}; TorchSharp {Version(typeof(TorchSharp.torch))}, Npgsql {Version(typeof(Npgsql.NpgsqlConnection))}, Amnre {Version(typeof(RunContext))}.");

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>Other work on the machine takes from what is measured.</summary>
    private static string Load()
    {
        var load = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"load {load:0.0} at its end{(load > Environment.ProcessorCount + 1 ? ", a busy machine: the ratios hold better than the rates" : "")}");
    }

    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "?";
}

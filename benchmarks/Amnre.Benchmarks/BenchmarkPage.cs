using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Amnre.Engine;

namespace Amnre.Benchmarks;

/// <summary>The page of measured figures: a part for each kind of machine, in it a section for each benchmark, which says when and on what
/// it was measured. A run replaces the sections of what it measured and leaves the others.</summary>
internal static class BenchmarkPage
{
    private const string Head =
        """
        # Benchmarks

        `benchmarks/compare [NAME…]` writes this page. It measures this machine, first with all its instructions and then with AVX-512 switched off.
        `dotnet run -c Release --project benchmarks/Amnre.Benchmarks -- [NAME…] --document docs/benchmarks.md` measures only the first. Each section names
        its date and machine. Figures are medians of seven runs with minimum and maximum in brackets, unless a line says otherwise.

        Only ratios carry over to another machine. A ratio compares Amnre with a limit measured in the same run (copying, matrix products, the bare transport), or with a
        peer that took turns with Amnre in the same run. Peers are short scripts in `benchmarks/peers`, which do the same work with PyTorch and h5py, and a
        plain program of current libtorch's own modules. A ratio below 1 means that Amnre is faster. Only LALSimulation's rate, in C, is a constant of another machine.


        """;

    public static void Write(string path, string name, IReadOnlyList<string> lines, TimeProvider clock)
    {
        var parts = new SortedDictionary<string, SortedDictionary<string, string>>(StringComparer.Ordinal);
        if (File.Exists(path))
        {
            foreach (var part in File.ReadAllText(path).Split("\n## ").Skip(1))
            {
                foreach (var section in part.Split("\n### ").Skip(1))
                    Part(part.Split('\n')[0])[section.Split('\n')[0]] = section.TrimEnd();
            }
        }

        Part(Machine.Kind)[name] = $"{name}\n\n{Origin(clock)}\n\n{Body(lines)}";
        AtomicFile.WriteText(path, Head.TrimEnd() + "\n" + string.Concat(parts.Select(part =>
            $"\n## {part.Key}\n" + string.Concat(part.Value.Values.Select(section => $"\n### {section}\n")))));

        SortedDictionary<string, string> Part(string kind) => parts.TryGetValue(kind, out var part)
            ? part
            : parts[kind] = new(StringComparer.Ordinal);
    }

    /// <summary>A list, apart from the rows of tables, which stand as they are.</summary>
    private static string Body(IReadOnlyList<string> lines) => string.Join('\n', lines.Select((line, i) =>
        !IsRow(line) ? $"- {line}" : i > 0 && !IsRow(lines[i - 1]) ? $"\n{line}" : line));

    private static bool IsRow(string line) => line.StartsWith('|');

    private static string Origin(TimeProvider clock) => string.Create(CultureInfo.InvariantCulture,
        $"Measured {clock.GetUtcNow():yyyy-MM-dd HH:mm} UTC on {Processor()}{(Machine.Played is { } played ? $" ({played})" : "")}, " +
            $"{Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB; {Load()}; " +
            $"{RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}; TorchSharp " +
            $"{Version(typeof(TorchSharp.torch))}, Npgsql {Version(typeof(Npgsql.NpgsqlConnection))}, Amnre " +
            $"{Version(typeof(RunContext))}.");

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1]
        .Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>Other work on the machine takes from what is measured.</summary>
    private static string Load()
    {
        var load = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture,
            $"load {load:0.0} at its end{(load > Environment.ProcessorCount + 1 ? ", a busy machine: the ratios hold better than the rates" : "")}");
    }

    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "?";
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Amnre.Cli.Spelling;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Engine.Catalog;
using Amnre.Engine.GravitationalWaves;
using Amnre.Engine.Settings;

namespace Amnre.Cli.Original;

/// <summary><c>amnre gw</c>: what the simulator of gravitational waves is set in.</summary>
internal static class WaveVerb
{
    public static Command Create() =>
        new("gw", "Noise, events and reduced bases of gravitational waves: 'amnre gw prepare' and 'amnre gw basis'.")
    {
        Prepare(), Basis(),
    };

    private static Command Prepare()
    {
        var psd = Pair("--psd", "Noise spectra of H1 and L1: text of two columns, frequency (Hz) and power spectral density (1/Hz) " +
            "[default: the design curve of Advanced LIGO]");
        var strain = Pair("--strain",
            "Measured strains of H1 and L1 about an event: HDF5 of GWOSC, or text of one or two columns, at 4096 Hz [default: no event]");
        var time = new Option<double>("--event-time")
        {
            Description = "GPS seconds of the event",
            DefaultValueFactory = _ => new PackSettings().EventTime,
        };
        var start = new Option<double?>("--start") { Description = "GPS seconds at which strain of one column begins" };
        var columns = new Option<int>("--columns")
        {
            Description = "Vectors of the reduced basis",
            DefaultValueFactory = _ => new PackSettings().Columns,
        };
        var basis = new Option<string?>("--basis")
        {
            Description = "Reduced basis to put in: a file of 'amnre gw basis', or a .npy file of V [default: none; studies build theirs]",
        };
        var output = Output("gw.h5");
        var verb = new Command(
            "prepare",
            """
            Make a pack: noise spectra, whitened event and reduced basis in one HDF5 file. Its path is a simulator, wherever one is named.

            Examples:
              amnre gw prepare -psd PSD_H1.txt PSD_L1.txt -strain H-H1.hdf5 L-L1.hdf5 -o gw150914.h5
              amnre sample -simulator gw150914.h5 -events -o gw-event.h5
            """)
        {
            psd, strain, time, start, columns, basis, output,
        };
        verb.SetAction(parsed =>
        {
            var settings = new PackSettings
            {
                Spectra = Two(parsed.GetValue(psd)),
                Strains = Two(parsed.GetValue(strain)),
                EventTime = parsed.GetValue(time),
                Start = parsed.GetValue(start),
                Columns = parsed.GetValue(columns),
                Basis = parsed.GetValue(basis),
            };
            var path = parsed.GetRequiredValue(output);
            var deviation = WavePreparation.Prepare(settings, path);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: noise of {(settings.Spectra is null ? "the design curve" : "the spectra given")}, " +
                    $"{(settings.Strains is null ? "no event" : "a whitened event")}, " +
                    $"{(settings.Basis is null ? "no basis" : $"a basis of {settings.Columns} vectors")}, noise_std {deviation:R}"));
            return ExitCode.Success;
        });
        return verb;
    }

    private static Command Basis()
    {
        var simulator = new Option<string>("--simulator") { Description = "GW, or the path of a pack", DefaultValueFactory = _ => "GW" };
        var fields = new FieldOptions<BasisSettings>(BasisSettings.Fields, BasisSettings.Fields.Defaults);
        var output = Output(BasisBuilding.OutputName);
        var json = new Option<bool>("--json") { Description = "End with one line of JSON on standard output instead of text" };
        var verb = new Command(
            "basis",
            """
            Build a reduced basis: the leading right singular vectors of whitened signals drawn from the prior. In a study it is the field
            'basis' of the experiment file.

            Examples:
              amnre gw basis -simulator gw150914.h5 -draws 32768 -o basis.h5
              amnre sample -simulator gw150914.h5 -basis basis.h5 -seed 0 -samples 4096 -o gw-test.h5
            """)
        {
            simulator, output, json,
        };
        foreach (var option in fields.Original) verb.Options.Add(option);
        verb.SetAction((parsed, stop) =>
        {
            var settings = fields.Read(fields.Given(parsed)) with { Simulator = parsed.GetRequiredValue(simulator) };
            var path = parsed.GetRequiredValue(output);
            using var progress = ProgressLine.OnStandardError(Path.GetFileName(path), TimeProvider.System);
            var context = new RunContext { Progress = progress, Stop = stop, Clock = TimeProvider.System };
            var quality = BasisBuilding.Run(settings, SimulatorCatalog.Find(settings.Simulator), path, context)
                ?? throw new InvalidOperationException("a basis that was not asked to drain was drained");
            progress.Dispose();
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(new Dictionary<string, object?>
                {
                    ["output"] = Path.GetFullPath(path),
                    ["draws"] = settings.Draws,
                    ["held_out"] = settings.HeldOut,
                    ["mismatch_mean"] = Finite(quality.Mean),
                    ["mismatch_median"] = Finite(quality.Median),
                    ["mismatch_99"] = Finite(quality.Percentile99),
                    ["mismatch_max"] = Finite(quality.Largest),
                })
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: of {settings.Draws} binaries; mismatch of {settings.HeldOut} others: mean {quality.Mean:0.00e+0}, median " +
                        $"{quality.Median:0.00e+0}, 99 % {quality.Percentile99:0.00e+0}, largest {quality.Largest:0.00e+0}"));
            return Task.FromResult(ExitCode.Success);
        });
        return verb;
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static Option<string[]> Pair(string name, string description) =>
        new(name) { Description = description, Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true };

    private static (string, string)? Two(string[]? paths) => paths is [var first, var second] ? (first, second) : null;

    private static Option<string> Output(string path) =>
        new("--output", "-o") { Description = "File to write", DefaultValueFactory = _ => path };
}

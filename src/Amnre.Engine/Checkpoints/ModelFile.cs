using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Engine.Fields;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Checkpoints;

/// <summary>The settings of a trained model (<c>.json</c> beside its weights), with the original's keys in its order;
/// what the original lacks (<c>seed</c>, <c>threads</c>, …) comes last.</summary>
/// <param name="Settings">How it was trained.</param>
/// <param name="Inputs">From which files.</param>
/// <param name="Output">Where its weights were written.</param>
/// <param name="Date">When the training began, local to the writer; null when the file does not say.</param>
public sealed record ModelFile(TrainSettings Settings, TrainInputs Inputs, string Output, DateTime? Date)
{
    /// <summary>What it was trained on; null in files of the original and of earlier versions, which do not say.</summary>
    internal TrainingRecord? TrainedOn { get; init; }

    /// <summary>Batches of its training that were skipped because a number was not finite; null where the file does not say.</summary>
    public long? SkippedBatches => TrainedOn?.SkippedBatches;

    private const string DateFormat = "yyyy-MM-dd HH:mm:ss";

    /// <summary>The original's way to say that there is no adversary.</summary>
    private const string NoAdversary = "notafile.pth";

    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        IndentSize = 4,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Write(string path) => AtomicFile.WriteText(path, Text());

    /// <exception cref="InputException">Missing, or not such a file.</exception>
    public static ModelFile Read(string path)
    {
        try
        {
            return Parse(StrictJson.Parse(PlainFile.Text(path)) as JsonObject ?? throw new FormatException("it is not an object"));
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            throw new InputException($"'{path}' is not a readable settings file of a model: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {error.Message.TrimEnd('.')}. The settings of a model lie beside its " +
                "weights, with the ending .json.", error);
        }
    }

    internal string Text()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Indented))
        {
            json.WriteStartObject();
            foreach (var field in TrainSettings.Fields.At(FieldPlaces.ModelFile))
            {
                var value = field.Value(Written);
                // What the original lacks is said where it is used.
                if (field.IsOwn && value is null) continue;
                json.WritePropertyName(field.Name);
                Write(json, value);
                WriteFiles(json, field.Name);
            }

            if (TrainedOn is not null) TrainingRecordJson.Write(json, TrainedOn);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The settings as the original writes them: it has a word for the default of arbitrary masks. Numbers of a loss that it lacks
    /// are written out.</summary>
    private TrainSettings Written => Settings with
    {
        Masks = Settings is { Arbitrary: true, Masks.Count: 0 } ? ["uniform"] : Settings.Masks,
        Contrasts = Settings.Criterion is Criterion.Multiclass or Criterion.Contrastive
            ? Settings.Contrasts ?? TrainSettings.DefaultContrasts : Settings.Contrasts,
        Gamma = Settings.Criterion is Criterion.Contrastive ? Settings.Gamma ?? TrainSettings.DefaultGamma : Settings.Gamma,
        Balance = Settings.Criterion is Criterion.Balanced ? Settings.Balance ?? TrainSettings.DefaultBalance : Settings.Balance,
    };

    /// <summary>Writes what is no setting where the original has it.</summary>
    private void WriteFiles(Utf8JsonWriter json, string after)
    {
        switch (after)
        {
            case "simulator":
                json.WriteString("samples", Inputs.Samples);
                break;
            case "filter":
                json.WriteString("weights", Inputs.Weights);
                break;
            case "criterion":
                json.WriteString("adversary", Inputs.Adversary ?? NoAdversary);
                break;
            case "clip":
                json.WriteString("valid", Inputs.Valid);
                json.WriteString("output", Output);
                json.WriteString("date", Date?.ToString(DateFormat, CultureInfo.InvariantCulture));
                break;
        }
    }

    internal static ModelFile Parse(JsonObject json)
    {
        string? Text(string key) => json[key]?.GetValue<string>();
        var simulator = Text("simulator") ?? throw new FormatException("it lacks 'simulator'");
        // Files from before the key existed were made with noise, which only GW has.
        var settings = TrainSettings.Fields.At(FieldPlaces.ModelFile).Aggregate(
            TrainSettings.Fields.Defaults with { Live = simulator == "GW" },
            (read, field) => json[field.Name] is { } value ? field.ReadJson(read, value) : read);
        var adversary = Text("adversary");
        return new ModelFile(
            settings,
            new TrainInputs(Text("samples"), Text("valid"), Text("weights"), adversary == NoAdversary ? null : adversary),
            Text("output") ?? "",
            DateTime.TryParseExact(Text("date"), DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null)
        {
            TrainedOn = json[TrainingRecordJson.Key] is { } record ? TrainingRecordJson.Read(record) : null,
        };
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        if (value is double real) json.WriteRawValue(PythonNumber.Text(real));
        else JsonSerializer.Serialize(json, value);
    }
}

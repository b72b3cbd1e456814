using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
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
            json.WriteString("device", Settings.Device);
            json.WriteString("simulator", Settings.Simulator);
            json.WriteString("samples", Inputs.Samples);
            json.WriteBoolean("live", Settings.Live);
            Write(json, "model", Settings.Model);
            Write(json, "hyper", Settings.Hyper);
            Write(json, "embedding", Settings.Embedding);
            json.WriteBoolean("flow", Settings.Flow);
            json.WriteBoolean("arbitrary", Settings.Arbitrary);
            json.WriteStartArray("masks");
            foreach (var mask in Settings is { Arbitrary: true, Masks.Count: 0 } ? ["uniform"] : Settings.Masks)
                json.WriteStringValue(mask);
            json.WriteEndArray();
            json.WriteString("filter", Settings.Filter);
            json.WriteString("weights", Inputs.Weights);
            json.WriteString("criterion", Settings.Criterion);
            json.WriteString("adversary", Inputs.Adversary ?? NoAdversary);
            json.WriteBoolean("inverse", Settings.Inverse);
            json.WriteNumber("epochs", Settings.Epochs);
            json.WriteNumber("descents", Settings.Descents);
            json.WriteNumber("bs", Settings.BatchSize);
            Write(json, "lr", Settings.LearningRate);
            Write(json, "wd", Settings.WeightDecay);
            json.WriteBoolean("amsgrad", Settings.AmsGrad);
            json.WriteString("scheduler", Settings.Scheduler);
            json.WriteNumber("patience", Settings.Patience);
            Write(json, "threshold", Settings.Threshold);
            Write(json, "factor", Settings.Factor);
            Write(json, "min_lr", Settings.MinLearningRate);
            Write(json, "clip", Settings.Clip);
            json.WriteString("valid", Inputs.Valid);
            json.WriteString("output", Output);
            json.WriteString("date", Date?.ToString(DateFormat, CultureInfo.InvariantCulture));
            json.WriteNumber("seed", Settings.Seed);
            json.WriteNumber("threads", Settings.Threads);
            Write(json, "average", Settings.Average);
            json.WriteNumber("early_stopping", Settings.EarlyStopping);
            json.WriteString("keep", Settings.Keep);
            json.WriteNumber("buffer_mib", Settings.BufferMebibytes);
            if (TrainedOn is not null) TrainingRecordJson.Write(json, TrainedOn);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    internal static ModelFile Parse(JsonObject json)
    {
        var standard = new TrainSettings { Simulator = "" };
        string? Text(string key) => json[key]?.GetValue<string>();
        string Required(string key) => Text(key) ?? throw new FormatException($"it lacks '{key}'");
        bool Flag(string key, bool otherwise) => json[key]?.GetValue<bool>() ?? otherwise;
        int Count(string key, int otherwise) => json[key]?.GetValue<int>() ?? otherwise;
        double Number(string key, double otherwise) => json[key]?.GetValue<double>() ?? otherwise;
        JsonObject? Keywords(string key) => json[key] is { } node
            ? node as JsonObject is { } given ? (JsonObject)given.DeepClone() : throw new FormatException($"'{key}' is not an object")
            : null;

        var simulator = Required("simulator");
        var settings = new TrainSettings
        {
            Simulator = simulator,
            Device = Text("device") ?? standard.Device,
            Seed = json["seed"]?.GetValue<ulong>() ?? standard.Seed,
            Threads = Count("threads", standard.Threads),
            // Files from before the key existed were made with noise, which only GW has.
            Live = Flag("live", simulator == "GW"),
            Model = Keywords("model") ?? [],
            Hyper = Keywords("hyper"),
            Embedding = Keywords("embedding") ?? [],
            Flow = Flag("flow", false),
            Arbitrary = Flag("arbitrary", false),
            Masks = json["masks"] is JsonArray masks
                ? [.. masks.Select(mask => mask?.GetValue<string>() ?? throw new FormatException("'masks' holds a null"))] : [],
            Filter = Text("filter"),
            Criterion = Text("criterion") ?? standard.Criterion,
            Inverse = Flag("inverse", false),
            Epochs = Count("epochs", standard.Epochs),
            Descents = Count("descents", standard.Descents),
            BatchSize = Count("bs", standard.BatchSize),
            LearningRate = Number("lr", standard.LearningRate),
            WeightDecay = Number("wd", standard.WeightDecay),
            AmsGrad = Flag("amsgrad", false),
            Scheduler = Text("scheduler") ?? standard.Scheduler,
            Patience = Count("patience", standard.Patience),
            Threshold = Number("threshold", standard.Threshold),
            Factor = Number("factor", standard.Factor),
            MinLearningRate = Number("min_lr", standard.MinLearningRate),
            Clip = Number("clip", standard.Clip),
            Average = Number("average", standard.Average),
            EarlyStopping = Count("early_stopping", standard.EarlyStopping),
            Keep = Text("keep") ?? standard.Keep,
            BufferMebibytes = Count("buffer_mib", standard.BufferMebibytes),
        };
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

    private static void Write(Utf8JsonWriter json, string key, JsonObject? value)
    {
        json.WritePropertyName(key);
        if (value is null) json.WriteNullValue();
        else value.WriteTo(json);
    }

    private static void Write(Utf8JsonWriter json, string key, double value)
    {
        json.WritePropertyName(key);
        json.WriteRawValue(PythonNumber.Text(value));
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Engine.Rows;

namespace Amnre.Engine.Checkpoints;

/// <summary>A <see cref="TrainingRecord"/> as JSON.</summary>
internal static class TrainingRecordJson
{
    public const string Key = "trained_on";

    public static void Write(Utf8JsonWriter json, TrainingRecord record)
    {
        json.WriteStartObject(Key);
        json.WriteString("simulator", record.Simulator);
        if (record.Labels is { } labels)
        {
            json.WritePropertyName("labels");
            json.WriteRawValue(JsonSerializer.Serialize(labels));
        }

        if (record.BasisDigest is { } basis) json.WriteString("basis_sha256", basis);
        json.WriteBoolean("standardized", record.MomentsDigest is not null);
        json.WriteString("moments_sha256", record.MomentsDigest);
        WriteValues("low", record.Low);
        WriteValues("high", record.High);
        if (record.Moments is { } moments)
        {
            WriteValues("mu", moments.Mu);
            WriteValues("sigma", moments.Sigma);
        }

        if (record.HasFreeFactor) json.WriteBoolean("ratio_has_free_factor", true);
        json.WriteNumber("skipped_batches", record.SkippedBatches);
        json.WriteEndObject();

        void WriteValues(string name, IReadOnlyList<float> values)
        {
            // On one line, as each would take one of its own.
            json.WritePropertyName(name);
            json.WriteRawValue(JsonSerializer.Serialize(values));
        }
    }

    /// <exception cref="FormatException">It is not such a record.</exception>
    public static TrainingRecord Read(JsonNode node)
    {
        var json = node as JsonObject ?? throw new FormatException($"'{Key}' is not an object");
        var digest = json["moments_sha256"]?.GetValue<string>();
        if (json["standardized"]?.GetValue<bool>() != (digest is not null))
            throw new FormatException($"'{Key}' contradicts itself on whether x was standardised");
        var record = new TrainingRecord
        {
            Simulator = json["simulator"]?.GetValue<string>() ?? throw new FormatException($"'{Key}' lacks 'simulator'"),
            Labels = json["labels"] switch
            {
                null => null,
                JsonArray names =>
                    [.. names.Select(name => name?.GetValue<string>() ?? throw new FormatException("'labels' holds a null"))],
                _ => throw new FormatException("'labels' is not a list"),
            },
            BasisDigest = json["basis_sha256"]?.GetValue<string>(),
            Low = Values("low") ?? throw new FormatException($"'{Key}' lacks 'low'"),
            High = Values("high") ?? throw new FormatException($"'{Key}' lacks 'high'"),
            MomentsDigest = digest,
            Moments = Values("mu") is { } mu && Values("sigma") is { } sigma ? new ObservationMoments(mu, sigma) : null,
            HasFreeFactor = json["ratio_has_free_factor"]?.GetValue<bool>() ?? false,
            SkippedBatches = json["skipped_batches"]?.GetValue<long>() ?? 0,
        };
        if (json["mu"] is null != json["sigma"] is null || record.Moments is { } own && OtherDigest(own) is not null)
            throw new FormatException($"'{Key}' contradicts itself: its 'mu' and 'sigma' are not those of its 'moments_sha256'; put back " +
                "the file that was written with the weights");
        if (record.Low.Count != record.High.Count || (record.Labels?.Count ?? record.Low.Count) != record.Low.Count)
            throw new FormatException($"'{Key}' has {record.Low.Count} values of 'low', {record.High.Count} of 'high' and " +
                $"{record.Labels?.Count ?? record.Low.Count} labels: each parameter has one of each");
        return record;

        string? OtherDigest(ObservationMoments moments) => moments.Digest() is var found && found != digest ? found : null;

        float[]? Values(string name) => json[name] is not { } values ? null
            : values is JsonArray array
            ? [.. array.Select(value => value?.GetValue<float>() ?? throw new FormatException($"'{name}' holds a null"))]
            : throw new FormatException($"'{name}' is not a list");
    }
}

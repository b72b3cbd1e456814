using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Amnre.Engine.Fields;

namespace Amnre.Engine.Settings;

/// <summary>Where tensors are computed: <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
/// <param name="Name">As it was written. A model's file may name a device of another program, which nothing is computed on
/// here.</param>
[JsonConverter(typeof(Json))]
public sealed record ComputeDevice(string Name)
{
    private const string Gpu = "cuda";

    /// <summary>The processor.</summary>
    public static ComputeDevice Cpu { get; } = new("cpu");

    /// <summary>Whether it is the processor.</summary>
    public bool IsCpu => Name == Cpu.Name;

    /// <summary>Place of the GPU among those that are visible; 0 where none is named.</summary>
    internal int Index => NumberOf(Name) ?? 0;

    internal static ValueForm<ComputeDevice> Form { get; } = new DeviceForm();

    /// <summary>What is wrong with the name, whatever this machine has; null when nothing is.</summary>
    internal static string? Error(ComputeDevice? device) => device is { IsCpu: true } or { Name: Gpu }
        || (device is not null && NumberOf(device.Name) is not null) ? null : $"'{device}' is unknown: give cpu, cuda or cuda:N";

    public override string ToString() => Name;

    private static int? NumberOf(string name) =>
        name.StartsWith(Gpu + ":", StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(Gpu.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : null;

    private sealed class DeviceForm : ValueForm<ComputeDevice>
    {
        public override Reading<ComputeDevice> Read(RawValue raw) =>
            ValueForm.For<string>().Read(raw).Select(name => new ComputeDevice(name));

        public override string Text(ComputeDevice value) => value.Name;

        public override JsonObject Schema() => ValueForm.For<string>().Schema();
    }

    private sealed class Json : JsonConverter<ComputeDevice>
    {
        public override ComputeDevice Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? new(reader.GetString()!)
                : throw new JsonException("a device is a text, such as cpu");

        public override void Write(Utf8JsonWriter writer, ComputeDevice value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Name);
    }
}

using Amnre.Engine.Fields;

namespace Amnre.Engine.Settings;

/// <summary>A reduced basis for a simulator. Output: <c>basis.h5</c>.</summary>
public sealed record BasisSettings
{
    public const int DefaultDraws = 1 << 15;

    public required string Simulator { get; init; }

    public ulong Seed { get; init; }

    public int Draws { get; init; } = DefaultDraws;

    public int HeldOut { get; init; } = 1 << 12;

    /// <summary>Its settings.</summary>
    public static FieldTable<BasisSettings> Fields { get; } = new(
        new() { Simulator = "" }, FieldPlaces.ExperimentFile | FieldPlaces.Command)
    {
        { "simulator", s => s.Simulator, (s, v) => s with { Simulator = v }, "The simulator", new() { Places = FieldPlaces.None } },
        { "seed", s => s.Seed, (s, v) => s with { Seed = v }, "Names the signals" },
        { "draws", s => s.Draws, (s, v) => s with { Draws = v }, "Binaries whose signals the basis is made for" },
        {
            "held_out", s => s.HeldOut, (s, v) => s with { HeldOut = v },
            "Further binaries, of which the file says how well the basis represents them"
        },
    };
}

namespace Amnre.Engine.Settings;

/// <summary>A reduced basis for a simulator. Output: <c>basis.h5</c>.</summary>
public sealed record BasisSettings
{
    public const int UsualDraws = 1 << 15;

    public required string Simulator { get; init; }

    /// <summary>Names the signals.</summary>
    public ulong Seed { get; init; }

    /// <summary>Binaries whose signals the basis is made for.</summary>
    public int Draws { get; init; } = UsualDraws;

    /// <summary>Further binaries, of which the file says how well the basis represents them.</summary>
    public int HeldOut { get; init; } = 1 << 12;
}

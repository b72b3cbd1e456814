namespace Amnre.Engine.Settings;

/// <summary>Arrays of a user's own files, to be made a dataset. Output: <c>dataset.h5</c>.</summary>
public sealed record ImportSettings
{
    /// <summary>Whose parameters, prior and shape of observations the arrays must have.</summary>
    public required string Simulator { get; init; }

    /// <summary><see cref="SampleContent.Arrays"/>: theta and x; <see cref="SampleContent.Observations"/>: x alone.</summary>
    public required SampleContent Content { get; init; }

    /// <summary>Put one after the other, in this order.</summary>
    public required IReadOnlyList<ImportedPart> Parts { get; init; }

    /// <summary>Of all rows of the parts, the first to take.</summary>
    public required long First { get; init; }

    /// <summary>Rows to take.</summary>
    public required long Rows { get; init; }

    /// <summary>Store mu and sigma of x: of a reference where one is given, else of the rows taken.</summary>
    public bool Moments { get; init; }

    /// <summary>HDF5 chunk rows; clipped to <see cref="Rows"/>.</summary>
    public int ChunkRows { get; init; } = GatherSettings.DefaultChunkRows;

    /// <summary>Level of deflate, after a shuffle: 1 to 9, or 0 for none.</summary>
    public int Compress { get; init; }
}

/// <summary>Rows of theta and x that lie beside each other.</summary>
/// <param name="X">Observations.</param>
/// <param name="Theta">Their parameters; null where they are not known.</param>
public sealed record ImportedPart(ImportedArray X, ImportedArray? Theta);

/// <summary>An array in a file.</summary>
/// <param name="File">The file.</param>
/// <param name="Key">Which array, where the file holds several; null for <c>x</c>, or the only one.</param>
public sealed record ImportedArray(ImportedFile File, string? Key);

/// <summary>A file of a user's, by its content: that is what decides results, and by which the store finds its copy.</summary>
/// <param name="Name">What the user called it, for messages. Decides nothing.</param>
/// <param name="Form">Its ending, such as <c>.npz</c>.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record ImportedFile(string Name, string Form, string Sha256);

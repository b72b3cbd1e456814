using System.Security.Cryptography;
using Amnre.Engine.Hdf5;
using Amnre.Engine.Settings;
using PureHDF;

namespace Amnre.Engine.SampleFiles;

/// <summary>Lays an origin down as attributes of a file's root group, and reads it back.</summary>
internal static class SampleAttributes
{
    /// <summary>The attribute of theta, and of draws, that names their columns.</summary>
    public const string Parameters = "parameters";

    private const string Version = "version", Simulator = "simulator", Seed = "seed", FirstRow = "first_row", EndRow = "end_row",
        Content = "content", OnNonFinite = "on_nonfinite", NonFiniteRows = "nonfinite_rows", ThetaDigest = "theta_sha256",
        XDigest = "x_sha256", Basis = "basis_sha256";

    /// <summary>Texts must be the same at each call for one file, since only what has a fixed size can be laid down again.</summary>
    public static void Set(H5File file, SampleOrigin origin)
    {
        file.Attributes[Version] = origin.Version;
        file.Attributes[Simulator] = origin.Simulator;
        if (origin.BasisDigest is { } basis) file.Attributes[Basis] = basis;
        file.Attributes[Seed] = origin.Seed;
        file.Attributes[FirstRow] = origin.FirstRow;
        file.Attributes[EndRow] = origin.EndRow;
        file.Attributes[Content] = EnumName.Of(origin.Content);
        file.Attributes[OnNonFinite] = NameOf(origin.OnNonFinite);
        file.Attributes[NonFiniteRows] = origin.NonFiniteRows;
        file.Attributes[ThetaDigest] = Digest(origin.ThetaDigest);
        file.Attributes[XDigest] = Digest(origin.XDigest);
    }

    /// <returns>Null for files of other programs, which say nothing of the kind.</returns>
    public static SampleOrigin? Read(Hdf5Attributes attributes)
    {
        if (!attributes.Has(Version) || !attributes.Has(Simulator) || !attributes.Has(XDigest)) return null;
        return new SampleOrigin
        {
            Version = checked((int)attributes.Integer(Version)),
            Simulator = attributes.Text(Simulator),
            BasisDigest = attributes.Has(Basis) ? attributes.Text(Basis) : null,
            Seed = checked((ulong)attributes.Integer(Seed)),
            FirstRow = checked((long)attributes.Integer(FirstRow)),
            EndRow = checked((long)attributes.Integer(EndRow)),
            Content = EnumName.TryParse<SampleContent>(attributes.Text(Content), out var content) ? content : SampleContent.Rows,
            OnNonFinite = Enum.Parse<NonFinitePolicy>(attributes.Text(OnNonFinite), ignoreCase: true),
            NonFiniteRows = checked((long)attributes.Integer(NonFiniteRows)),
            ThetaDigest = attributes.Bytes(ThetaDigest),
            XDigest = attributes.Bytes(XDigest),
        };
    }

    /// <summary>What a file says of its simulator, whoever wrote it; null where it says nothing.</summary>
    public static string? SimulatorOf(Hdf5Attributes attributes)
    {
        if (!attributes.Has(Simulator)) return null;
        try
        {
            return attributes.Text(Simulator);
        }
        catch (InputException)
        {
            // Another program's attribute, of another meaning.
            return null;
        }
    }

    public static string NameOf(NonFinitePolicy policy) => policy switch
    {
        NonFinitePolicy.Drop => "drop",
        NonFinitePolicy.Keep => "keep",
        _ => "error",
    };

    private static byte[] Digest(ReadOnlyMemory<byte> digest) => digest.IsEmpty ? new byte[SHA256.HashSizeInBytes] : digest.ToArray();
}

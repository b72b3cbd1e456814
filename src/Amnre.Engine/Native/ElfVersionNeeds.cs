using System.Buffers.Binary;
using System.Text;

namespace Amnre.Engine.Native;

/// <summary>Lowers what a shared library demands of the symbol versions of others, by editing a few bytes of its image.</summary>
/// <remarks>The loader refuses a library when a version named in <c>.gnu.version_r</c> is absent, even one that no symbol
/// in use carries; an entry marked weak is only looked up. System V gABI; Linux Standard Base, Symbol Versioning.</remarks>
internal static class ElfVersionNeeds
{
    private const uint NoBits = 8, SymbolVersions = 0x6fffffff, VersionNeeds = 0x6ffffffe;
    private const ushort Weak = 0x2;
    private const int SectionHeader = 64, Need = 16, Auxiliary = 16;

    /// <summary>A copy of <paramref name="image"/> in which each named version is optional.</summary>
    /// <param name="image">A 64-bit little-endian ELF shared library.</param>
    /// <param name="versions">Version to make optional, and the older version of the same library that its symbols are to be
    /// bound to instead; null where no code calls them.</param>
    /// <exception cref="FormatException">Not such a library, cut short, or without one of the versions.</exception>
    public static byte[] Relax(ReadOnlySpan<byte> image, IReadOnlyDictionary<string, string?> versions)
    {
        if (image.Length < 64 || !image.StartsWith("\x7f"u8) || !image[1..4].SequenceEqual("ELF"u8) || image[4] != 2 || image[5] != 1)
            throw new FormatException("not a 64-bit little-endian ELF file");

        try
        {
            return Relax(image.ToArray(), versions);
        }
        catch (OverflowException error)
        {
            throw new FormatException("the ELF file's offsets are out of range", error);
        }
    }

    private static byte[] Relax(byte[] copy, IReadOnlyDictionary<string, string?> versions)
    {
        var sections = Sections(copy);
        var needs = sections.FirstOrDefault(section => section.Type == VersionNeeds)
            ?? throw new FormatException("the ELF file names no versions that it needs");
        if (needs.Link >= sections.Count) throw new FormatException("the ELF file's table of needed versions has no names");

        var entries = Entries(copy, needs, sections[(int)needs.Link]);
        foreach (var (version, older) in versions)
        {
            var entry = Find(entries, version);
            var flags = Read16(copy, entry.Offset + 4);
            BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan((int)entry.Offset + 4), (ushort)(flags | Weak));
            if (older is not null) Rebind(copy, sections, entry.Index, Find(entries, older).Index);
        }

        return copy;
    }

    private static VersionEntry Find(List<VersionEntry> entries, string version) =>
        entries.Find(entry => entry.Name == version) ?? throw new FormatException($"the ELF file does not need version {version}");

    private static void Rebind(byte[] image, List<Section> sections, ushort from, ushort to)
    {
        var table = sections.FirstOrDefault(section => section.Type == SymbolVersions)
            ?? throw new FormatException("the ELF file has no symbol versions");
        for (var offset = table.Offset; offset + 2 <= table.Offset + table.Size; offset += 2)
            if (Read16(image, offset) == from) BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan((int)offset), to);
    }

    private static List<Section> Sections(byte[] image)
    {
        var offset = Read64(image, 40);
        var size = Read16(image, 58);
        var count = Read16(image, 60);
        if (size != SectionHeader || count == 0) throw new FormatException("the ELF file has no section headers");

        var sections = new List<Section>(count);
        for (ulong i = 0; i < count; i++)
        {
            var header = checked(offset + i * SectionHeader);
            Check(image, header, SectionHeader);
            var section = new Section(
                Read32(image, header + 4), Read64(image, header + 24), Read64(image, header + 32), Read32(image, header + 40));
            if (section.Type != NoBits) Check(image, section.Offset, section.Size);
            sections.Add(section);
        }

        return sections;
    }

    private static List<VersionEntry> Entries(byte[] image, Section needs, Section names)
    {
        if (names.Type == NoBits) throw new FormatException("the ELF file's names are empty");
        var entries = new List<VersionEntry>();
        var need = needs.Offset;
        while (true)
        {
            Inside(needs, need, Need);
            var count = Read16(image, need + 2);
            var auxiliary = checked(need + Read32(image, need + 8));
            for (var i = 0; i < count; i++)
            {
                Inside(needs, auxiliary, Auxiliary);
                entries.Add(new VersionEntry(auxiliary, Name(image, names, Read32(image, auxiliary + 8)), Read16(image, auxiliary + 6)));
                // Offsets only grow, so a crafted chain cannot loop.
                var step = Read32(image, auxiliary + 12);
                if (step == 0) break;
                auxiliary = checked(auxiliary + step);
            }

            var next = Read32(image, need + 12);
            if (next == 0) return entries;
            need = checked(need + next);
        }
    }

    private static string Name(byte[] image, Section names, uint at)
    {
        if (at >= names.Size) throw new FormatException("a version's name lies outside the ELF file's names");
        var rest = image.AsSpan((int)(names.Offset + at), (int)(names.Size - at));
        var end = rest.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? rest : rest[..end]);
    }

    private static void Inside(Section section, ulong offset, ulong size)
    {
        if (offset < section.Offset || offset - section.Offset > section.Size || section.Size - (offset - section.Offset) < size)
            throw new FormatException("the ELF file's table of needed versions is cut short");
    }

    private static void Check(byte[] image, ulong offset, ulong size)
    {
        if (offset > (ulong)image.Length || size > (ulong)image.Length - offset) throw new FormatException("the ELF file is cut short");
    }

    private static ReadOnlySpan<byte> At(byte[] image, ulong offset, int size)
    {
        Check(image, offset, (ulong)size);
        return image.AsSpan((int)offset, size);
    }

    private static ushort Read16(byte[] image, ulong offset) => BinaryPrimitives.ReadUInt16LittleEndian(At(image, offset, 2));

    private static uint Read32(byte[] image, ulong offset) => BinaryPrimitives.ReadUInt32LittleEndian(At(image, offset, 4));

    private static ulong Read64(byte[] image, ulong offset) => BinaryPrimitives.ReadUInt64LittleEndian(At(image, offset, 8));

    private sealed record Section(uint Type, ulong Offset, ulong Size, uint Link);

    private sealed record VersionEntry(ulong Offset, string Name, ushort Index);
}

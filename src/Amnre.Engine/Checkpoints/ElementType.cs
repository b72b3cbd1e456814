namespace Amnre.Engine.Checkpoints;

/// <summary>Type of a stored tensor's elements, little-endian.</summary>
public enum ElementType
{
    Float32,
    Float64,
    Float16,
    BFloat16,
    Int64,
    Int32,
    Int16,
    Int8,
    UInt8,
    Bool,
}

/// <summary>Size and names of the element types in the file formats.</summary>
internal static class ElementTypes
{
    private static readonly (ElementType Type, int Size, string Storage, string Safetensors)[] Table =
    [
        (ElementType.Float32, 4, "FloatStorage", "F32"),
        (ElementType.Float64, 8, "DoubleStorage", "F64"),
        (ElementType.Float16, 2, "HalfStorage", "F16"),
        (ElementType.BFloat16, 2, "BFloat16Storage", "BF16"),
        (ElementType.Int64, 8, "LongStorage", "I64"),
        (ElementType.Int32, 4, "IntStorage", "I32"),
        (ElementType.Int16, 2, "ShortStorage", "I16"),
        (ElementType.Int8, 1, "CharStorage", "I8"),
        (ElementType.UInt8, 1, "ByteStorage", "U8"),
        (ElementType.Bool, 1, "BoolStorage", "BOOL"),
    ];

    public static int Size(this ElementType type) => Table[(int)type].Size;

    /// <summary>Class name in a PyTorch archive, such as <c>FloatStorage</c>.</summary>
    public static string StorageName(this ElementType type) => Table[(int)type].Storage;

    public static string SafetensorsName(this ElementType type) => Table[(int)type].Safetensors;

    public static ElementType? OfStorage(string name) => Find(row => row.Storage == name);

    public static ElementType? OfSafetensors(string name) => Find(row => row.Safetensors == name);

    private static ElementType? Find(Predicate<(ElementType Type, int Size, string Storage, string Safetensors)> wanted)
    {
        var index = Array.FindIndex(Table, wanted);
        return index < 0 ? null : Table[index].Type;
    }
}

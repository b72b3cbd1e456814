using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>Constants for tensor operations that live as long as the process.</summary>
/// <remarks>TorchSharp turns a number into a native object for one call, and its finalizer may free the object while the call
/// still reads it: with a collection at that moment the operation takes garbage for the number. Numbers from here are never
/// freed; for ones that change all the time write <c>using var</c> and <c>ToScalar()</c>, which holds them to the end of the
/// block.</remarks>
internal static class Number
{
    private static readonly ConcurrentDictionary<double, Scalar> Reals = new();
    private static readonly ConcurrentDictionary<long, Scalar> Integers = new();

    public static Scalar Of(double constant) => Reals.GetOrAdd(constant, static value => value.ToScalar());

    public static Scalar Of(long constant) => Integers.GetOrAdd(constant, static value => value.ToScalar());

    /// <summary>The first element of a tensor; <c>item</c> would go by way of such an object again.</summary>
    public static T Read<T>(Tensor tensor) where T : unmanaged
    {
        using var plain = tensor.detach().cpu();
        return MemoryMarshal.Read<T>(plain.bytes);
    }

    /// <summary>All elements of a tensor.</summary>
    public static T[] ReadAll<T>(Tensor tensor) where T : unmanaged
    {
        using var plain = tensor.detach().cpu().contiguous();
        return MemoryMarshal.Cast<byte, T>(plain.bytes).ToArray();
    }
}

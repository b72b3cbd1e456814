using System.Buffers.Binary;
using System.Text;

namespace Amnre.Engine.Checkpoints;

/// <summary>Reads the pickle inside a PyTorch archive as data. Nothing is executed: the operations that would import or call
/// only recognise the few names that <c>torch.save</c> writes for tensors, and refuse all others.</summary>
/// <remarks>The input is held in memory and every operation consumes at least one byte of it, so reading always ends.
/// Operations as in Python's <c>pickletools</c>, protocols 2 to 4.</remarks>
internal ref struct PickleReader(ReadOnlySpan<byte> input, TorchVocabulary vocabulary)
{
    private const int MaxStack = 1 << 20;

    private readonly ReadOnlySpan<byte> _input = input;
    private readonly TorchVocabulary _vocabulary = vocabulary;
    private readonly List<TorchValue> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<uint, TorchValue> _memo = [];
    private int _at;

    /// <exception cref="FormatException">Not a pickle of tensors, cut short, or with an operation or name that is not allowed.</exception>
    public TorchValue Read()
    {
        while (true)
        {
            var operation = Take(1)[0];
            if (operation == '.') return _stack.Count == 1 ? Pop() : throw Error("it ends with a wrong number of values");
            Perform((char)operation);
            if (_stack.Count > MaxStack) throw Error("it nests too much");
        }
    }

    private void Perform(char operation)
    {
        switch (operation)
        {
            case '\x80': Take(1); break;
            case '\x95': Take(8); break;
            case '(': _marks.Push(_stack.Count); break;
            case '0': Pop(); break;
            case '1': TakeMarked(); break;
            case '2': _stack.Add(Peek()); break;
            case 'N': _stack.Add(new TorchValue.None()); break;
            case '\x88': _stack.Add(new TorchValue.Flag(true)); break;
            case '\x89': _stack.Add(new TorchValue.Flag(false)); break;
            case 'J': Push(BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case 'K': Push(Take(1)[0]); break;
            case 'M': Push(BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case '\x8a': Push(Long(Take(Take(1)[0]))); break;
            case 'G': _stack.Add(new TorchValue.Real(BinaryPrimitives.ReadDoubleBigEndian(Take(8)))); break;
            case 'X': Push(Text(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            case '\x8c': Push(Text(Take(1)[0])); break;
            case ')': _stack.Add(new TorchValue.Sequence([], true)); break;
            case 't': _stack.Add(new TorchValue.Sequence(TakeMarked(), true)); break;
            case '\x85': Tuple(1); break;
            case '\x86': Tuple(2); break;
            case '\x87': Tuple(3); break;
            case ']': _stack.Add(new TorchValue.Sequence(new List<TorchValue>(), false)); break;
            case 'l': _stack.Add(new TorchValue.Sequence(TakeMarked(), false)); break;
            case 'a': Append([Pop()]); break;
            case 'e': Append(TakeMarked()); break;
            case '}': _stack.Add(new TorchValue.Mapping([])); break;
            case 'd': { var items = TakeMarked(); _stack.Add(new TorchValue.Mapping([])); SetItems(items); break; }
            case 's': { var value = Pop(); SetItems([Pop(), value]); break; }
            case 'u': SetItems(TakeMarked()); break;
            case 'c': { var module = Line(); PushName(module, Line()); break; }
            case '\x93': { var name = PopText(); PushName(PopText(), name); break; }
            case 'R': { var arguments = PopTuple(); _stack.Add(_vocabulary.Reduce(Pop(), arguments)); break; }
            // The state given to an object after it is made: torch.save attaches versions of modules, which no reader needs.
            case 'b': Pop(); Peek(); break;
            case 'Q': _stack.Add(TorchVocabulary.Storage(Pop())); break;
            case 'q': _memo[Take(1)[0]] = Peek(); break;
            case 'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek(); break;
            case '\x94': _memo[(uint)_memo.Count] = Peek(); break;
            case 'h': _stack.Add(Recall(Take(1)[0])); break;
            case 'j': _stack.Add(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            default: throw Error($"it uses the operation 0x{(int)operation:x2}, which files of tensors do not");
        }
    }

    private readonly void Push(long value) => _stack.Add(new TorchValue.Integer(value));

    private readonly void Push(string value) => _stack.Add(new TorchValue.Text(value));

    private readonly void PushName(string module, string name)
    {
        var full = $"{module}.{name}";
        if (!TorchVocabulary.Knows(full))
            throw Error($"it refers to '{full}', which is not part of tensors: only state dictionaries and tensors can be read (save " +
                "model.state_dict(), not the model)");
        _stack.Add(new TorchValue.Name(full));
    }

    private readonly void Tuple(int count)
    {
        Require(count);
        var items = _stack.GetRange(_stack.Count - count, count);
        _stack.RemoveRange(_stack.Count - count, count);
        _stack.Add(new TorchValue.Sequence(items, true));
    }

    private readonly void Append(List<TorchValue> items)
    {
        if (Peek() is not TorchValue.Sequence { FixedSize: false, Items: List<TorchValue> list })
            throw Error("it appends to something that is not a list");
        list.AddRange(items);
    }

    private readonly void SetItems(List<TorchValue> items)
    {
        if (Peek() is not TorchValue.Mapping mapping || items.Count % 2 != 0)
            throw Error("it sets items of something that is not a dictionary");
        for (var i = 0; i < items.Count; i += 2)
        {
            var key = items[i] switch
            {
                TorchValue.Text text => text.Value,
                TorchValue.Integer number => number.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
                _ => throw Error("it has a dictionary key that is neither text nor a number"),
            };
            mapping.Items[key] = items[i + 1];
        }
    }

    private readonly List<TorchValue> TakeMarked()
    {
        if (!_marks.TryPop(out var mark) || mark > _stack.Count) throw Error("its marks do not match");
        var items = _stack.GetRange(mark, _stack.Count - mark);
        _stack.RemoveRange(mark, items.Count);
        return items;
    }

    private readonly TorchValue Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private readonly TorchValue Peek()
    {
        Require(1);
        return _stack[^1];
    }

    private readonly string PopText() => Pop() is TorchValue.Text text
        ? text.Value
        : throw Error("it names something by a value that is not text");

    private readonly TorchValue.Sequence PopTuple() =>
        Pop() is TorchValue.Sequence { FixedSize: true } tuple ? tuple : throw Error("its arguments are not a tuple");

    private readonly void Require(int count)
    {
        if (_stack.Count < count) throw Error("it takes more values than it has");
    }

    private readonly TorchValue Recall(uint key) => _memo.TryGetValue(key, out var value)
        ? value
        : throw Error("it recalls a value that it never stored");

    private static long Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8) throw Error("it has an integer of more than 64 bits");
        var value = bytes.Length > 0 && bytes[^1] >= 0x80 ? -1L : 0L;
        for (var i = bytes.Length - 1; i >= 0; i--) value = value << 8 | bytes[i];
        return value;
    }

    private string Text(uint length) => Encoding.UTF8.GetString(Take(length));

    private string Line()
    {
        var length = _input[_at..].IndexOf((byte)'\n');
        if (length < 0) throw Error("it is cut short");
        var line = Encoding.UTF8.GetString(Take((uint)length));
        Take(1);
        return line;
    }

    private ReadOnlySpan<byte> Take(uint count)
    {
        if (count > _input.Length - _at) throw Error("it is cut short");
        var taken = _input.Slice(_at, (int)count);
        _at += (int)count;
        return taken;
    }

    private static FormatException Error(string what) => new($"its pickle is not readable as tensors: {what}");
}
